#include "io/safetensors_header.hpp"

#include <agate/core/error.hpp>
#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <tuple>
#include <unordered_set>

namespace AGATE_NAMESPACE::io {
namespace {

using nlohmann::json;

constexpr std::size_t most_extents = 64;  // more than any library's arrays have

constexpr DType known_types[] = {DType::f64, DType::f32, DType::f16,    DType::bf16, DType::i64,
                                 DType::i32, DType::i16, DType::i8,     DType::u64,  DType::u32,
                                 DType::u16, DType::u8,  DType::boolean};

/// Takes the header as it is parsed, value by value. No document is built: a hostile header must
/// not cost many times its own size, and a document would hide duplicate keys.
class HeaderReader : public nlohmann::json_sax<json> {
 public:
  explicit HeaderReader(const std::string& file) : file_(file) {}

  SafeTensorsHeader result;

  bool start_object(std::size_t) override {
    if (place_ == Place::outside) return enter(Place::file);
    if (place_ == Place::names && key_ == "__metadata__") return enter(Place::metadata);
    if (place_ != Place::names) refuse("an object");
    result.entries.emplace_back().name = key_;
    fields_ = {};
    return enter(Place::entry);
  }
  bool end_object() override {
    if (place_ == Place::entry)
      check(fields_.type && fields_.shape && fields_.offsets == 2, ErrorCode::format, where(),
            "needs dtype, shape and two data_offsets");
    return enter(Place::names);
  }
  bool key(std::string& key) override {
    if (place_ == Place::entry) {
      field_ = key;
      return true;
    }
    if (place_ == Place::metadata) {
      check(!result.metadata.contains(key), ErrorCode::format, file_,
            ": the header: __metadata__ holds the key \"", key, "\" twice");
      field_ = key;
      return true;
    }
    check(names_.insert(key).second, ErrorCode::format, file_, ": the header holds the name \"",
          key, "\" twice");
    key_ = key;
    return true;
  }
  bool string(std::string& value) override {
    if (place_ == Place::metadata) {
      result.metadata.emplace(field_, std::move(value));
      return true;
    }
    if (place_ != Place::entry || field_ != "dtype") refuse("a string");
    once(fields_.type);
    const auto known = std::ranges::find(known_types, value, [](DType t) { return to_string(t); });
    check(known != std::end(known_types), ErrorCode::format, where(), "unknown dtype \"", value,
          "\"");
    result.entries.back().type = *known;
    return true;
  }
  bool start_array(std::size_t) override {
    if (place_ != Place::entry) refuse("a list");
    if (field_ == "shape") {
      once(fields_.shape);
      return enter(Place::shape);
    }
    if (field_ != "data_offsets") refuse("a list");
    check(fields_.offsets == 0, ErrorCode::format, where(), "data_offsets appears twice");
    return enter(Place::offsets);
  }
  bool end_array() override { return enter(Place::entry); }
  bool number_unsigned(std::uint64_t value) override {
    if (place_ != Place::shape && place_ != Place::offsets) refuse("a number");
    auto& entry = result.entries.back();
    if (place_ == Place::shape) {
      check(value <= std::uint64_t{std::numeric_limits<Index>::max()}, ErrorCode::format, where(),
            "an extent of ", value);
      check(entry.shape.size() < most_extents, ErrorCode::format, where(), "more than ",
            most_extents, " extents");
      entry.shape.push_back(static_cast<Index>(value));
    } else {
      check(fields_.offsets < 2, ErrorCode::format, where(),
            "data_offsets has more than 2 numbers");
      (fields_.offsets++ == 0 ? entry.begin : entry.end) = value;
    }
    return true;
  }
  bool null() override { refuse("null"); }
  bool boolean(bool) override { refuse("a boolean"); }
  bool number_integer(std::int64_t) override { refuse("a negative number"); }
  bool number_float(double, const std::string&) override { refuse("a number that is not whole"); }
  bool binary(json::binary_t&) override { refuse("binary data"); }
  bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
    fail(ErrorCode::format, file_, ": the header is not JSON, at its byte ", position);
  }

 private:
  enum class Place { outside, file, names = file, metadata, entry, shape, offsets };
  struct Fields {
    bool type = false, shape = false;
    int offsets = 0;
  };

  bool enter(Place place) {
    place_ = place;
    return true;
  }
  std::string where() const { return file_ + ": the header: array \"" + key_ + "\": "; }
  [[noreturn]] void refuse(const char* found) const {
    fail(ErrorCode::format, file_, ": the header: ", found, " where none may be",
         key_.empty() ? "" : ", in \"" + key_ + "\"");
  }
  void once(bool& seen) const {
    check(!seen, ErrorCode::format, where(), field_, " appears twice");
    seen = true;
  }

  const std::string& file_;
  Place place_ = Place::outside;
  std::string key_, field_;
  Fields fields_;
  std::unordered_set<std::string> names_;
};

}  // namespace

SafeTensorsHeader parse_safetensors_header(std::string_view text, const std::string& file) {
  check(text.starts_with('{'), ErrorCode::format, file,
        ": is not a safetensors file: the header does not start with {");
  HeaderReader reader(file);
  json::sax_parse(text.begin(), text.end(), &reader);
  auto& entries = reader.result.entries;
  // Empty arrays come before the one that starts where they lie.
  std::ranges::stable_sort(entries, {}, [](const auto& e) { return std::tuple(e.begin, e.end); });
  return std::move(reader.result);
}

}  // namespace AGATE_NAMESPACE::io
