#include <agate/core/error.hpp>
#include <agate/train/presets.hpp>
#include <sstream>

#include "settings.hpp"

namespace tool {
namespace {

struct Axis {
  std::string option;
  std::vector<std::string> values;
};

Axis parse_axis(const std::string& text) {
  const auto equals = text.find('=');
  agate::check(equals != std::string::npos && equals > 0, agate::ErrorCode::usage, "grid: \"", text,
               "\" is not OPTION=VALUE,VALUE,...");
  Axis axis{text.substr(0, equals), {}};
  for (char& c : axis.option)
    if (c == '-') c = '_';
  std::istringstream list(text.substr(equals + 1) + ",");
  for (std::string value; std::getline(list, value, ',');) {
    agate::check(!value.empty(), agate::ErrorCode::usage, "grid: an empty value in \"", text, "\"");
    axis.values.push_back(value);
  }
  return axis;
}

}  // namespace

std::vector<GridPoint> grid_of(const Settings& settings) {
  constexpr std::size_t most_points = 10'000;
  std::vector<GridPoint> points{{"", settings}};
  std::istringstream words(settings.run.grid);
  for (std::string word; words >> word;) {
    const Axis axis = parse_axis(word);
    std::vector<GridPoint> finer;
    agate::check(points.size() * axis.values.size() <= most_points, agate::ErrorCode::usage,
                 "grid: more than ", most_points, " points");
    for (const GridPoint& point : points)
      for (const std::string& value : axis.values) {
        GridPoint next = point;
        next.name += (next.name.empty() ? "" : " ") + axis.option + "=" + value;
        agate::train::set_option(axis.option, value, next.settings.model, next.settings.train);
        finer.push_back(std::move(next));
      }
    points = std::move(finer);
  }
  return points;
}

}  // namespace tool
