#include "data/tu_edges.hpp"

#include <agate/core/error.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE::data {
namespace {

/// A line of the list of edges: a pair of nodes, and the way in which it is named.
struct Line {
  NodeId low, high;
  bool downward;
  Index at;

  Edge edge() const { return downward ? Edge{high, low} : Edge{low, high}; }
};

std::vector<Line> check_lines(const NumberRows<Index>& listed, const NumberRows<Index>& graphs) {
  check(listed.rows == 0 || listed.columns == 2, ErrorCode::format, listed.place(0), ": ",
        listed.columns, " numbers, expected the source and the target of an edge");
  std::vector<Line> lines;
  lines.reserve(static_cast<std::size_t>(listed.rows));
  for (Index r = 0; r < listed.rows; ++r) {
    const Index source = listed.at(r, 0), target = listed.at(r, 1);
    for (const Index node : {source, target})
      if (node < 1 || node > graphs.rows) [[unlikely]]
        fail(ErrorCode::format, listed.place(r), ": there is no node ", node,
             ", the nodes are 1 to ", graphs.rows);
    const Index from = graphs.values[source - 1], to = graphs.values[target - 1];
    if (from != to) [[unlikely]]
      fail(ErrorCode::format, listed.place(r), ": an edge leads from node ", source, " of graph ",
           from, " to node ", target, " of graph ", to);
    if (source == target) continue;
    const auto [low, high] = std::minmax(source, target);
    lines.push_back(
        {static_cast<NodeId>(low - 1), static_cast<NodeId>(high - 1), source > target, r});
  }
  return lines;
}

}  // namespace

TuEdges read_tu_edges(const NumberRows<Index>& listed, const TuRows& known,
                      const NumberRows<Index>& graphs) {
  std::vector<Line> lines = check_lines(listed, graphs);
  const auto alike = [&](const Line& a, const Line& b) {
    return a.low == b.low && a.high == b.high && known.compare(a.at, b.at) == 0;
  };
  std::ranges::sort(lines, [&](const Line& a, const Line& b) {
    if (a.low != b.low) return a.low < b.low;
    if (a.high != b.high) return a.high < b.high;
    if (const int order = known.compare(a.at, b.at)) return order < 0;
    return a.downward != b.downward ? b.downward : a.at < b.at;
  });
  const auto repeats = [&](const Line& a, const Line& b) {
    return a.downward == b.downward && alike(a, b);
  };
  lines.erase(std::unique(lines.begin(), lines.end(), repeats), lines.end());
  // Now of lines that are alike there are two at most, one each way.
  TuEdges read;
  read.undirected = lines.size() % 2 == 0;
  for (std::size_t k = 0; read.undirected && k < lines.size(); k += 2)
    read.undirected = alike(lines[k], lines[k + 1]);
  if (read.undirected) {
    for (std::size_t k = 0; k < lines.size(); k += 2)
      lines[k / 2] = lines[k].at < lines[k + 1].at ? lines[k] : lines[k + 1];
    lines.resize(lines.size() / 2);
  }
  std::ranges::sort(lines, [&](const Line& a, const Line& b) {
    const Index first = graphs.values[a.low], second = graphs.values[b.low];
    return first != second ? first < second : a.at < b.at;
  });
  for (const Line& line : lines) {
    read.edges.push_back(line.edge());
    read.lines.push_back(line.at);
  }
  return read;
}

}  // namespace AGATE_NAMESPACE::data
