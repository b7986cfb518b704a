#include "io/gzip.hpp"

#include <zlib.h>

#include <agate/core/error.hpp>
#include <algorithm>
#include <array>
#include <memory>
#include <new>

namespace AGATE_NAMESPACE::io {
namespace {

struct EndInflate {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

/// Unpacks the member at the start of `bytes` to the end of `text`; returns what follows it.
std::string_view unpack_member(std::string_view bytes, std::string& text, const std::string& name,
                               std::size_t most) {
  z_stream stream{};
  constexpr int gzip_only = 16;
  check(inflateInit2(&stream, MAX_WBITS + gzip_only) == Z_OK, ErrorCode::limit, name,
        ": no memory left to unpack it");
  const std::unique_ptr<z_stream, EndInflate> guard(&stream);
  std::array<char, 1 << 16> piece;
  for (int status = Z_OK; status != Z_STREAM_END;) {
    const auto given = static_cast<uInt>(std::min<std::size_t>(bytes.size(), 1 << 30));
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = given;
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    status = inflate(&stream, Z_NO_FLUSH);
    bytes.remove_prefix(given - stream.avail_in);
    const std::size_t unpacked = piece.size() - stream.avail_out;
    check(text.size() + unpacked <= most, ErrorCode::limit, name, ": unpacks to more than ", most,
          " bytes");
    text.append(piece.data(), unpacked);
    const bool stuck = unpacked == 0 && bytes.empty();
    const bool goes_on = (status == Z_OK || status == Z_BUF_ERROR) && !stuck;
    check(goes_on || status == Z_STREAM_END, ErrorCode::format, name,
          ": the gzip archive is damaged (", stream.msg ? stream.msg : "it ends too early", ")");
  }
  return bytes;
}

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

std::string gunzip(std::string_view bytes, const std::string& name, std::size_t most) try {
  std::string text;
  do {
    check(is_gzip(bytes), ErrorCode::format, name,
          ": the gzip archive is damaged (other bytes follow it)");
    bytes = unpack_member(bytes, text, name, most);
  } while (!bytes.empty());
  return text;
} catch (const std::bad_alloc&) {
  fail(ErrorCode::limit, name, ": no memory left to unpack it");
}

}  // namespace AGATE_NAMESPACE::io
