#include <agate/core/error.hpp>
#include <agate/core/parallel.hpp>
#include <agate/explain/line_chart.hpp>
#include <agate/io/file.hpp>
#include <agate/models/model_file.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "bench_workloads.hpp"
#include "peak_memory.hpp"
#include "verbs.hpp"

namespace tool {
namespace {

using agate::Index;

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// The peak above inputs and list of edges.
double peak_mb(const BenchRow& row, int threads) {
  std::optional<PeakMeter> meter;
  row.from_scratch(threads, [&] { meter.emplace(); });
  return meter->mb();
}

struct Measured {
  const BenchRow* row;
  Workload work;
  std::vector<double> ms;
  double peak = 0;
  double median() const {
    auto sorted = ms;
    std::ranges::sort(sorted);
    return sorted[sorted.size() / 2];
  }
  double rate() const { return 1000 * row->work / median(); }  // a second
};

// One measurement: of rows that repeat, the median of the repeats.
double measure(const Workload& work) {
  std::vector<double> ms;
  for (int k = 0; k < work.repeats; ++k) {
    if (work.prepare) work.prepare();
    const double start = seconds();
    work.run();
    ms.push_back(1000 * (seconds() - start));
  }
  std::ranges::nth_element(ms, ms.begin() + std::ssize(ms) / 2);
  return ms[ms.size() / 2];
}

const char* const large_suffix = ", 1M nodes";

std::vector<BenchRow> chosen(const RunOptions& run) {
  const BenchGraph arxiv{169343, 2380000, 128};
  std::vector<BenchRow> all = model_rows();
  auto add = [&](std::vector<BenchRow> rows, const std::string& suffix) {
    for (BenchRow& row : rows) {
      row.name += suffix;
      all.push_back(std::move(row));
    }
  };
  add(graph_rows(), "");
  add(sequence_rows(), "");
  add(attention_rows(arxiv), "");
  add(layer_rows(arxiv), "");
  add(dense_rows(run.large), "");
  if (run.large) {
    const BenchGraph large{1000000, 16400000, 64};
    add(attention_rows(large), large_suffix);
    add(layer_rows(large), large_suffix);
  }
  const bool exact =
      std::ranges::any_of(all, [&](const BenchRow& row) { return row.name == run.only; });
  std::erase_if(all, [&](const BenchRow& row) {
    return exact ? row.name != run.only : row.name.find(run.only) == std::string::npos;
  });
  agate::check(!all.empty(), agate::ErrorCode::usage, "no row of the benchmark has \"", run.only,
               "\" in its name");
  return all;
}

void print_row(const Measured& m, double limit) {
  const auto [low, high] = std::ranges::minmax(m.ms);
  std::printf("%-36s %10.4g %10.4g %10.4g", m.row->name.c_str(), m.median(), low, high);
  if (m.row->work > 0)
    std::printf(" %8.1f G%-6s", m.rate() / 1e9, (std::string(m.row->unit) + "/s").c_str());
  else
    std::printf(" %16s", "");
  if (limit > 0)
    std::printf(" %7.0f %%", 100 * m.rate() / limit);
  else
    std::printf(" %9s", "");
  if (m.peak > 0) std::printf(" %8.0f", m.peak);
  std::printf("\n");
}

// Of the rows of each series the p that fits time = c * length^p best, by least squares of the
// logarithms.
std::map<std::string, double> exponents(const std::vector<Measured>& measured) {
  std::map<std::string, std::vector<std::pair<double, double>>> series;
  for (const Measured& m : measured)
    if (!m.row->series.empty())
      series[m.row->series].emplace_back(std::log(static_cast<double>(m.row->length)),
                                         std::log(m.median()));
  std::map<std::string, double> found;
  for (const auto& [name, points] : series) {
    if (points.size() < 2) continue;
    const auto n = static_cast<double>(points.size());
    double x = 0, y = 0, xx = 0, xy = 0;
    for (const auto& [length, time] : points) {
      x += length;
      y += time;
      xx += length * length;
      xy += length * time;
    }
    found[name] = (n * xy - x * y) / (n * xx - x * x);
  }
  return found;
}

}  // namespace

namespace {

// A line for each series as sequences grow; rows of which `value` is not known are left out.
template <class Value>
std::string chart(const std::vector<Measured>& measured, const char* title, const char* unit,
                  Value value) {
  std::vector<agate::explain::Line> lines;
  for (const Measured& m : measured) {
    if (m.row->series.empty() || !(value(m) > 0)) continue;
    auto line = std::ranges::find(lines, m.row->series, &agate::explain::Line::name);
    if (line == lines.end()) line = lines.insert(lines.end(), {m.row->series, {}, {}});
    line->x.push_back(static_cast<double>(m.row->length));
    line->y.push_back(value(m));
  }
  if (lines.empty()) return "";
  return agate::explain::line_chart_svg(lines,
                                        {.title = title, .x_title = "length", .y_title = unit});
}

// Time in FILE, memory beside it in FILE-memory.svg.
void write_charts(const std::string& path, const std::vector<Measured>& measured) {
  const std::string time = chart(
      measured, "What a position costs", "microseconds",
      [](const Measured& m) { return 1000 * m.median() / static_cast<double>(m.row->length); });
  agate::check(!time.empty(), agate::ErrorCode::usage,
               "--chart: none of the rows chosen comes in several lengths");
  agate::io::write_file(path, time);
  const std::string memory = chart(measured, "What it takes in all", "MB above the inputs",
                                   [](const Measured& m) { return m.peak; });
  if (memory.empty()) return;
  const auto dot = path.ends_with(".svg") ? path.size() - 4 : path.size();
  agate::io::write_file(path.substr(0, dot) + "-memory.svg", memory);
}

}  // namespace

int bench(const Settings& s) {
  for (const std::string& path : {s.run.json, s.run.chart})
    if (!path.empty()) agate::io::check_writable(path);
  const int threads =
      s.train.threads > 0 ? static_cast<int>(s.train.threads) : agate::default_threads();
  const auto rows = chosen(s.run);
  std::vector<Measured> measured;
  for (const BenchRow& row : rows) {
    if (!s.run.quiet) std::fprintf(stderr, "preparing %s\n", row.name.c_str());
    const double peak = row.from_scratch ? peak_mb(row, threads) : 0;
    measured.push_back({&row, row.make(threads), {}, peak});
    measure(measured.back().work);  // takes the memory that every further run uses again
  }
  // In turns, so that whatever else the machine does meets all rows alike.
  for (Index round = 0; round < s.run.rounds; ++round) {
    if (!s.run.quiet)
      std::fprintf(stderr, "round %lld of %lld\n", static_cast<long long>(round + 1),
                   static_cast<long long>(s.run.rounds));
    for (Measured& m : measured) m.ms.push_back(measure(m.work));
  }

  // The rate of the limit before a row that counts the same.
  auto limit_of = [&](const Measured& of) {
    double limit = 0;
    for (const Measured& m : measured) {
      if (m.row->is_limit) limit = std::string(m.row->unit) == of.row->unit ? m.rate() : 0;
      if (&m == &of) break;
    }
    return of.row->work > 0 ? limit : 0;
  };
  const bool to_stdout = s.run.json == "/dev/stdout";
  nlohmann::ordered_json json{{"agate", agate::models::version()},
                              {"threads", threads},
                              {"rounds", s.run.rounds},
                              {"rows", nlohmann::ordered_json::array()}};
  if (!to_stdout)
    std::printf("%d threads, median of %lld rounds\n%-36s %10s %10s %10s %16s %9s %8s\n", threads,
                static_cast<long long>(s.run.rounds), "", "ms", "least", "most", "", "of limit",
                "MB");
  for (const Measured& m : measured) {
    const double limit = limit_of(m);
    if (!to_stdout) print_row(m, limit);
    const auto [low, high] = std::ranges::minmax(m.ms);
    nlohmann::ordered_json one{
        {"name", m.row->name}, {"median_ms", m.median()}, {"min_ms", low}, {"max_ms", high}};
    if (m.peak > 0) one["peak_mb"] = m.peak;
    if (m.row->work > 0) {
      one["rate"] = m.rate();
      one["unit"] = std::string(m.row->unit) + "/s";
      if (limit > 0) one["of_limit"] = m.rate() / limit;
    }
    if (m.row->length > 0) one["length"] = m.row->length;
    json["rows"].push_back(std::move(one));
  }
  for (const auto& [series, exponent] : exponents(measured)) {
    if (!to_stdout) std::printf("%-36s grows with length^%.2f\n", series.c_str(), exponent);
    json["exponents"][series] = exponent;
  }
  if (to_stdout)
    std::printf("%s\n", json.dump(2).c_str());
  else if (!s.run.json.empty())
    agate::io::write_file(s.run.json, json.dump(2) + "\n");
  if (!s.run.chart.empty()) write_charts(s.run.chart, measured);
  return 0;
}

}  // namespace tool
