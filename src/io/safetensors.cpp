#include <agate/core/error.hpp>
#include <agate/io/file.hpp>
#include <agate/io/safetensors.hpp>
#include <algorithm>
#include <cstring>
#include <new>
#include <nlohmann/json.hpp>
#include <set>

#include "io/array_bytes.hpp"
#include "io/input_file.hpp"
#include "io/safetensors_header.hpp"

namespace AGATE_NAMESPACE::io {
namespace {

constexpr std::size_t prefix = sizeof(std::uint64_t);
constexpr std::uint64_t most_header = 100'000'000;

void check_layout(const SafeTensorsHeader& header, std::uint64_t data, const std::string& name) {
  std::uint64_t covered = 0;
  for (const auto& entry : header.entries) {
    const auto place = [&] { return name + ": array \"" + entry.name + "\": "; };
    check(entry.begin == covered, ErrorCode::format, place(), "starts at byte ", entry.begin,
          " of the data, expected ", covered, ": arrays must neither overlap nor leave holes");
    check(entry.end >= entry.begin && entry.end <= data, ErrorCode::format, place(), "bytes ",
          entry.begin, " to ", entry.end, " do not lie in the data, which has ", data);
    const auto bytes = array_bytes(entry.type, entry.shape);
    check(bytes && static_cast<std::uint64_t>(*bytes) == entry.end - entry.begin, ErrorCode::format,
          place(), "its shape does not fit its ", entry.end - entry.begin, " bytes of ",
          to_string(entry.type));
    covered = entry.end;
  }
  check(covered == data, ErrorCode::format, name, ": the arrays take ", covered,
        " bytes, the file holds ", data);
}

nlohmann::ordered_json entry_json(const Array& array, std::size_t begin) {
  return {{"dtype", to_string(array.type)},
          {"shape", array.shape},
          {"data_offsets", {begin, begin + array.bytes.size()}}};
}

// The length of the header of a file of `size` bytes that begins with `bytes`.
std::uint64_t header_length(std::string_view bytes, std::uint64_t size, const std::string& name) {
  check(size > prefix && bytes.size() >= prefix, ErrorCode::format, name, ": has ", size,
        " bytes, too few for a safetensors file");
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), prefix);
  const std::uint64_t rest = size - prefix;
  check(length <= most_header, ErrorCode::format, name, ": is not a safetensors file: a header of ",
        length, " bytes, at most ", most_header, " are allowed");
  check(length <= rest, ErrorCode::format, name, ": the header takes ", length,
        " bytes, the file has ", rest, " left");
  return length;
}

// The content, of which `bytes_of` gives the bytes of one array after the other.
template <class BytesOf>
SafeTensors content_of(SafeTensorsHeader header, std::uint64_t data, const std::string& name,
                       BytesOf bytes_of) {
  check_layout(header, data, name);
  SafeTensors content{.arrays = {}, .metadata = std::move(header.metadata)};
  content.arrays.reserve(header.entries.size());
  for (auto& entry : header.entries) {
    std::string bytes = bytes_of(entry);
    content.arrays.emplace_back(
        std::move(entry.name),
        Array{.type = entry.type, .shape = std::move(entry.shape), .bytes = std::move(bytes)});
  }
  return content;
}

}  // namespace

const Array* SafeTensors::find(const std::string& name) const {
  const auto found = std::ranges::find(arrays, name, [](const auto& a) { return a.first; });
  return found == arrays.end() ? nullptr : &found->second;
}

SafeTensors parse_safetensors(const std::string& bytes, const std::string& name) {
  const std::uint64_t length = header_length(bytes, bytes.size(), name);
  const std::string_view view(bytes);
  return content_of(parse_safetensors_header(view.substr(prefix, length), name),
                    bytes.size() - prefix - length, name, [&](const auto& entry) {
                      return bytes.substr(prefix + length + entry.begin, entry.end - entry.begin);
                    });
}

SafeTensors read_safetensors(const std::string& path) try {
  const InputFile file(path);
  const std::uint64_t size = file.expected_size();
  if (size == 0) return parse_safetensors(read_file(path), path);  // a pipe, or nothing
  // The header is judged before memory is taken for what it tells of.
  const std::uint64_t length = header_length(file.read_up_to(prefix), size, path);
  return content_of(parse_safetensors_header(file.read_up_to(length), path), size - prefix - length,
                    path, [&](const auto& entry) {
                      std::string bytes = file.read_up_to(entry.end - entry.begin);
                      check(bytes.size() == entry.end - entry.begin, ErrorCode::format, path,
                            ": it ended while it was read");
                      return bytes;
                    });
} catch (const std::bad_alloc&) {
  fail(ErrorCode::limit, path, ": does not fit in memory");
}

std::map<std::string, std::string> read_safetensors_metadata(const std::string& path) {
  const InputFile file(path);
  const std::uint64_t size = file.expected_size();
  if (size == 0) return parse_safetensors(read_file(path), path).metadata;  // a pipe, or nothing
  const std::uint64_t length = header_length(file.read_up_to(prefix), size, path);
  return parse_safetensors_header(file.read_up_to(length), path).metadata;
}

std::string format_safetensors(const SafeTensors& content) try {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!content.metadata.empty()) header["__metadata__"] = content.metadata;
  std::set<std::string> names{"__metadata__"};
  std::size_t size = 0;
  for (const auto& [name, array] : content.arrays) {
    check(names.insert(name).second, ErrorCode::value, "safetensors: the name \"", name,
          "\" is taken twice");
    const auto bytes = array_bytes(array.type, array.shape);
    check(bytes && static_cast<std::size_t>(*bytes) == array.bytes.size(), ErrorCode::shape,
          "safetensors: array \"", name, "\": ", array.bytes.size(), " bytes do not fit its shape");
    header.push_back({name, entry_json(array, size)});
    size += array.bytes.size();
  }
  std::string text = header.dump();
  check(text.size() <= most_header - prefix, ErrorCode::limit, "safetensors: a header of ",
        text.size(), " bytes, at most ", most_header - prefix, " are allowed");
  text.resize((text.size() + prefix - 1) / prefix * prefix, ' ');

  const std::uint64_t length = text.size();
  std::string bytes(reinterpret_cast<const char*>(&length), prefix);
  bytes.reserve(prefix + text.size() + size);
  bytes += text;
  for (const auto& [name, array] : content.arrays) bytes += array.bytes;
  return bytes;
} catch (const nlohmann::json::exception&) {
  fail(ErrorCode::value, "safetensors: a name or the metadata is not UTF-8");
}

void write_safetensors(const std::string& path, const SafeTensors& content) {
  write_file(path, format_safetensors(content));
}

}  // namespace AGATE_NAMESPACE::io
