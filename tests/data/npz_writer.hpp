#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// A numpy archive (a zip of uncompressed .npy members) in memory, written without the library.
class NpzWriter {
 public:
  template <class T>
  NpzWriter& add(const std::string& name, const std::vector<long>& shape,
                 const std::vector<T>& values) {
    const char* type = std::is_same_v<T, float>          ? "<f4"
                       : std::is_same_v<T, std::uint8_t> ? "|b1"
                       : sizeof(T) == 8                  ? "<i8"
                                                         : "<i4";
    std::string extents;
    for (long n : shape) extents += std::to_string(n) + ",";
    std::string header = "{'descr': '" + std::string(type) +
                         "', 'fortran_order': False, 'shape': (" + extents + "), }";
    header.resize((header.size() + 11 + 63) / 64 * 64 - 11, ' ');
    header += '\n';
    std::string data(values.size() * sizeof(T), '\0');
    if (!data.empty()) std::memcpy(data.data(), values.data(), data.size());
    add_member(name + ".npy",
               std::string("\x93NUMPY\x01\0", 8) + number(header.size(), 2) + header + data);
    return *this;
  }

  std::string bytes() const {
    return members_ + directory_ + "PK\5\6" + number(0, 4) + number(count_, 2) + number(count_, 2) +
           number(directory_.size(), 4) + number(members_.size(), 4) + number(0, 2);
  }

 private:
  static std::string number(std::size_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
    return out;
  }
  static std::uint32_t crc32(const std::string& data) {
    std::uint32_t crc = ~0u;
    for (unsigned char byte : data) {
      crc ^= byte;
      for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) ? 0xEDB88320u : 0u);
    }
    return ~crc;
  }
  void add_member(const std::string& name, const std::string& data) {
    const std::string common = number(20, 2) + number(0, 2) + number(0, 2) + number(0, 2) +
                               number(0x21, 2) + number(crc32(data), 4) + number(data.size(), 4) +
                               number(data.size(), 4) + number(name.size(), 2) + number(0, 2);
    directory_ += "PK\1\2" + number(20, 2) + common + number(0, 2) + number(0, 2) + number(0, 2) +
                  number(0, 4) + number(members_.size(), 4) + name;
    members_ += "PK\3\4" + common + name + data;
    ++count_;
  }

  std::string members_, directory_;
  std::size_t count_ = 0;
};
