#include "data/split_file.hpp"

#include <agate/core/error.hpp>
#include <agate/io/file.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace AGATE_NAMESPACE::data {
namespace {

using nlohmann::json;

constexpr std::size_t most_bytes = std::size_t{1} << 30;

/// Which item a row of the source made, -1 for none; nothing where item k is row k.
std::vector<Index> items_of_rows(const Dataset& dataset) {
  std::vector<Index> items(dataset.rows.empty() ? 0 : static_cast<std::size_t>(dataset.source_rows),
                           -1);
  for (Index i = 0; i < std::ssize(dataset.rows); ++i) items[dataset.rows[i]] = i;
  return items;
}

/// The lists of one fold, none of which names what another one does.
class FoldReader {
 public:
  FoldReader(std::string place, const Dataset& dataset)
      : place_(std::move(place)),
        dataset_(dataset),
        item_of_row_(items_of_rows(dataset)),
        taken_(static_cast<std::size_t>(dataset.num_rows())) {}

  std::vector<Index> items(const json& list, const std::string& part) {
    const std::string item = to_string(dataset_.task);
    check(list.is_array(), ErrorCode::format, place_, part, " is no list of ",
          items_of(dataset_.task));
    check(!list.empty(), ErrorCode::format, place_, part, " is empty");
    std::vector<Index> named;
    for (const json& entry : list) {
      if (!entry.is_number_integer())
        fail(ErrorCode::format, place_, part, " holds ", shown(entry),
             ", expected the number of a ", item);
      const auto index = entry.get<std::int64_t>();
      // What does not fit 64 bits with a sign is no index either.
      const bool fits = !entry.is_number_unsigned() || entry.get<std::uint64_t>() >> 63 == 0;
      if (!fits || index < 0 || index >= dataset_.num_rows())
        fail(ErrorCode::format, place_, part, " names ", item, ' ', shown(entry), ", ",
             dataset_.name, " has ", dataset_.num_rows(), ' ',
             dataset_.rows.empty() ? items_of(dataset_.task) : "rows", ", counted from 0");
      check(!taken_[index], ErrorCode::format, place_, part, " names ", item, ' ', index,
            ", which the fold names already");
      taken_[index] = true;
      const Index item_of_index = item_of_row_.empty() ? index : item_of_row_[index];
      if (item_of_index >= 0) named.push_back(item_of_index);
    }
    std::ranges::sort(named);
    return named;
  }

 private:
  static std::string shown(const json& entry) {
    const std::string text = entry.dump(-1, ' ', false, json::error_handler_t::replace);
    return text.size() > 40 ? text.substr(0, 37) + "..." : text;
  }

  std::string place_;
  const Dataset& dataset_;
  std::vector<Index> item_of_row_;
  std::vector<bool> taken_;  // by row
};

std::string place_of(const std::string& path, std::size_t fold) {
  return path + ": fold " + std::to_string(fold) + ": ";
}

StoredFolds read_tests(const json& lists, const std::string& path, const Dataset& dataset) {
  check(lists.is_array(), ErrorCode::format, path, ": \"test\" is no list of folds");
  StoredFolds stored{.folds = {}, .tests_only = true};
  for (const json& list : lists) {
    FoldReader fold(place_of(path, stored.folds.size()), dataset);
    stored.folds.push_back({{}, {}, fold.items(list, "test")});
  }
  return stored;
}

Split read_one(const json& from, const std::string& path, const Dataset& dataset) {
  FoldReader fold(path + ": ", dataset);
  Split split;
  split.train = fold.items(from.at("train"), "train");
  for (const char* name : {"valid", "val", "validation"})
    if (from.contains(name) && split.val.empty()) split.val = fold.items(from[name], name);
  check(!split.val.empty(), ErrorCode::format, path, ": has \"train\" and no \"valid\"");
  split.test = fold.items(from.at("test"), "test");
  return split;
}

/// Of the model selection the first pair of training and validation: the paper holds one out.
StoredFolds read_fair(const json& folds, const std::string& path, const Dataset& dataset) {
  StoredFolds stored;
  for (const json& from : folds) {
    FoldReader fold(place_of(path, stored.folds.size()), dataset);
    const json& selection = from.at("model_selection").at(0);
    Split split;
    split.train = fold.items(selection.at("train"), "train");
    split.val = fold.items(selection.at("validation"), "validation");
    split.test = fold.items(from.at("test"), "test");
    stored.folds.push_back(std::move(split));
  }
  return stored;
}

StoredFolds read_any(const json& from, const std::string& path, const Dataset& dataset) {
  if (from.is_array()) return read_fair(from, path, dataset);
  check(from.is_object() && from.contains("test"), ErrorCode::format, path,
        ": expected {\"test\": [[...], ...]}, {\"train\": [...], \"valid\": [...], "
        "\"test\": [...]} or a list of folds");
  if (!from.contains("train")) return read_tests(from["test"], path, dataset);
  return {.folds = {read_one(from, path, dataset)}};
}

}  // namespace

StoredFolds read_split_file(const std::string& path, const Dataset& dataset) try {
  StoredFolds stored = read_any(json::parse(io::read_text(path, most_bytes)), path, dataset);
  check(!stored.folds.empty(), ErrorCode::format, path, ": holds no folds");
  return stored;
} catch (const json::exception& error) {
  fail(ErrorCode::format, path, ": ", error.what());
}

}  // namespace AGATE_NAMESPACE::data
