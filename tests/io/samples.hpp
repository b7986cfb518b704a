#pragma once
#include <agate/io/safetensors.hpp>
#include <string>

namespace io_test {

/// "id,age\nann,31\nbob,42\n" packed by gzip.
inline std::string csv_gz() {
  constexpr char bytes[] =
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x4c\xd1\x49\x4c\x4f\xe5\x4a\xcc\xcb\xd3\x31\x36"
      "\xe4\x4a\xca\x4f\xd2\x31\x31\xe2\x02\x00\x10\xed\x6e\x01\x15\x00\x00\x00";
  return {bytes, sizeof bytes - 1};
}

/// An .npy image of this version with this header and these elements.
inline std::string npy(const std::string& header, const std::string& elements, int version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += {static_cast<char>(version), '\0'};
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i)
    bytes += static_cast<char>((header.size() >> (8 * i)) & 0xFF);
  return bytes + header + elements;
}
inline std::string npy_of(const std::string& descr, const std::string& shape,
                          const std::string& elements) {
  return npy("{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }\n",
             elements);
}

/// A safetensors image with this header and this data.
inline std::string safetensors(const std::string& header, const std::string& data) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>((header.size() >> (8 * i)) & 0xFF);
  return bytes + header + data;
}

inline agate::io::SafeTensors two_arrays() {
  using agate::io::Array;
  return {.arrays = {{"weight", Array::from(agate::Tensor::from({2, 3}, {1, 2, 3, 4, 5, 6}))},
                     {"ids", Array::from(std::vector<agate::Index>{-1, 7})}},
          .metadata = {{"agate_format", "1"}, {"title", "a \"quoted\" \xC3\xA9"}}};
}

}  // namespace io_test
