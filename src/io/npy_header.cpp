#include "io/npy_header.hpp"

#include <agate/core/error.hpp>
#include <algorithm>
#include <charconv>

namespace AGATE_NAMESPACE::io {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t most_npy_header = 1 << 20;

/// Reads the one dict literal that numpy writes, and nothing else of Python.
class Literal {
 public:
  Literal(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  void read(NpyHeader& header) {
    expect('{');
    while (!accept('}')) {
      read_entry(header, string());
      if (accept(',')) continue;
      expect('}');
      break;
    }
    skip_space();
    check(text_.empty(), ErrorCode::format, name_, ": something follows the npy header");
    check(descr_ && order_ && shape_, ErrorCode::format, name_,
          ": the npy header lacks descr, fortran_order or shape");
  }

 private:
  void read_entry(NpyHeader& header, const std::string& key) {
    expect(':');
    if (key == "descr") {
      once(descr_, key);
      skip_space();
      check(!text_.starts_with('['), ErrorCode::format, name_,
            ": structured elements are not supported");
      header.descr = string();
    } else if (key == "fortran_order") {
      once(order_, key);
      header.fortran_order = boolean();
    } else if (key == "shape") {
      once(shape_, key);
      header.shape = tuple();
    } else {
      fail(ErrorCode::format, name_, ": the npy header has an unknown key \"", key, "\"");
    }
  }
  void once(bool& seen, const std::string& key) const {
    check(!seen, ErrorCode::format, name_, ": the npy header has ", key, " twice");
    seen = true;
  }
  void skip_space() {
    text_.remove_prefix(std::min(text_.find_first_not_of(" \t\n\r"), text_.size()));
  }
  bool accept(char c) {
    skip_space();
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    check(accept(c), ErrorCode::format, name_, ": the npy header is damaged, expected ", c,
          text_.empty() ? " at its end" : " where another character stands");
  }
  std::string string() {
    const char quote = accept('"') ? '"' : '\'';
    if (quote == '\'') expect('\'');
    const std::size_t end = text_.find(quote);
    check(end != text_.npos, ErrorCode::format, name_,
          ": the npy header is damaged, a string does not end");
    std::string value(text_.substr(0, end));
    text_.remove_prefix(end + 1);
    return value;
  }
  bool boolean() {
    skip_space();
    for (const std::string_view word : {"True", "False"})
      if (text_.starts_with(word)) {
        text_.remove_prefix(word.size());
        return word == "True";
      }
    fail(ErrorCode::format, name_, ": the npy header is damaged, fortran_order is no boolean");
  }
  std::vector<Index> tuple() {
    std::vector<Index> extents;
    expect('(');
    while (!accept(')')) {
      skip_space();
      Index extent = -1;
      const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), extent);
      check(error == std::errc{} && extent >= 0, ErrorCode::format, name_,
            ": the npy header is damaged, the shape holds no size where one should be");
      text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
      if (text_.starts_with('L')) text_.remove_prefix(1);  // Python 2 wrote long integers so
      extents.push_back(extent);
      if (accept(',')) continue;
      expect(')');
      break;
    }
    return extents;
  }

  std::string_view text_;
  const std::string& name_;
  bool descr_ = false, order_ = false, shape_ = false;
};

}  // namespace

NpyHeader parse_npy_header(std::string_view bytes, const std::string& name) {
  check(bytes.starts_with(magic) && bytes.size() >= 10, ErrorCode::format, name,
        ": is not an npy array");
  const auto byte = [&](std::size_t i) {
    return std::size_t{static_cast<unsigned char>(bytes[i])};
  };
  const std::size_t version = byte(6), start = version == 1 ? 10 : 12;
  check(version >= 1 && version <= 3, ErrorCode::format, name, ": npy version ", version,
        ", known are 1, 2 and 3");
  check(bytes.size() >= start, ErrorCode::format, name, ": ends within the npy header");
  std::size_t length = byte(8) | byte(9) << 8;
  if (version > 1) length |= byte(10) << 16 | byte(11) << 24;
  check(length <= most_npy_header, ErrorCode::format, name, ": an npy header of ", length,
        " bytes, at most ", most_npy_header, " are allowed");
  check(length <= bytes.size() - start, ErrorCode::format, name, ": the npy header takes ", length,
        " bytes, there are ", bytes.size() - start);
  NpyHeader header;
  header.size = start + length;
  Literal(bytes.substr(start, length), name).read(header);
  return header;
}

}  // namespace AGATE_NAMESPACE::io
