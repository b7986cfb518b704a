#include "explain/layout.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "explain/fit.hpp"
#include "explain/force_layout.hpp"

namespace AGATE_NAMESPACE::explain {
namespace {

using Nodes = std::vector<NodeId>;

// Components of two nodes or more, the largest first; nodes without edges apart.
struct Parts {
  std::vector<Nodes> components;
  Nodes isolated;
};

Parts parts_of(const Links& links) {
  Parts parts;
  std::vector<bool> seen(static_cast<std::size_t>(links.num_nodes()));
  for (Index start = 0; start < links.num_nodes(); ++start) {
    if (seen[start]) continue;
    Nodes found{static_cast<NodeId>(start)};
    seen[start] = true;
    for (std::size_t at = 0; at < found.size(); ++at)
      for (NodeId end : links.of(found[at]))
        if (!seen[end]) {
          seen[end] = true;
          found.push_back(end);
        }
    if (found.size() == 1)
      parts.isolated.push_back(found[0]);
    else
      parts.components.push_back(std::move(found));
  }
  std::stable_sort(parts.components.begin(), parts.components.end(),
                   [](const Nodes& a, const Nodes& b) { return a.size() > b.size(); });
  return parts;
}

// The links among the nodes of one component, renumbered in their order.
Links links_within(const Links& links, const Nodes& nodes, std::vector<NodeId>& number) {
  for (std::size_t i = 0; i < nodes.size(); ++i) number[nodes[i]] = static_cast<NodeId>(i);
  Links within;
  for (NodeId node : nodes) {
    for (NodeId end : links.of(node)) within.ends.push_back(number[end]);
    within.offsets.push_back(static_cast<Index>(within.ends.size()));
  }
  return within;
}

std::vector<double> radii_of(const Links& links, const Area& area) {
  const Index n = links.num_nodes();
  std::vector<double> radii(static_cast<std::size_t>(n));
  Index most = 16;  // where all degrees are small, none is a hub
  for (Index i = 0; i < n; ++i) most = std::max(most, static_cast<Index>(links.of(i).size()));
  const double room =
      std::sqrt(area.width * area.height / static_cast<double>(std::max<Index>(n, 1)));
  const double least = std::clamp(0.095 * room, 1.0, 8.0);
  for (Index i = 0; i < n; ++i) {
    const double share = static_cast<double>(links.of(i).size()) / static_cast<double>(most);
    radii[i] = least * (1 + 1.7 * std::sqrt(share));
  }
  return radii;
}

// Rows of nodes without edges at the bottom of the area; returns their height with the caption.
double place_isolated(Nodes isolated, bool alone, const LayoutOptions& options, Layout& layout) {
  if (isolated.empty()) return 0;
  const Area& area = options.area;
  std::stable_sort(isolated.begin(), isolated.end(),
                   [&](NodeId a, NodeId b) { return options.group[a] < options.group[b]; });
  const double most = (alone ? 1.0 : 0.25) * area.height - caption_height;
  const bool labelled = options.label_width > 0;
  double across = labelled ? options.label_width + 36 : 12, down = labelled ? 24 : 12;
  const auto rows = [&] {
    const double columns = std::max(1.0, std::floor(area.width / across));
    return std::ceil(static_cast<double>(isolated.size()) / columns);
  };
  while (rows() * down > most && down > 1) across *= 0.95, down *= 0.95;
  const auto columns = static_cast<std::size_t>(std::max(1.0, std::floor(area.width / across)));
  const double height = rows() * down;
  layout.isolated_top = alone ? area.top + caption_height : area.top + area.height - height;
  for (std::size_t i = 0; i < isolated.size(); ++i) {
    const auto column = static_cast<double>(i % columns), row = static_cast<double>(i / columns);
    const NodeId node = isolated[i];
    layout.radii[node] = std::min({std::max(layout.radii[node], 2.2), 0.36 * down, 0.36 * across});
    layout.places[node] = {area.left + (labelled ? 12 : 0.5 * across) + column * across,
                           layout.isolated_top + (row + 0.5) * down};
  }
  return height + caption_height;
}

// Boxes on shelves: the sizes of components give their areas at `scale` pixels per root of a node.
class Shelves {
 public:
  Shelves(const std::vector<Nodes>& components, Area area) : area_(area) {
    double all = 0;
    for (const Nodes& nodes : components) {
      sizes_.push_back(static_cast<double>(nodes.size()));
      all += sizes_.back();
    }
    giant_ = sizes_[0] > 0.5 * all;
    if (giant_)  // small components would otherwise take much of its room
      for (std::size_t i = 1; i < sizes_.size(); ++i) sizes_[i] *= 0.6;
  }

  // One box for each component, as large as fits.
  std::vector<Area> pack() const {
    double low = 0, high = std::sqrt(area_.width * area_.height);
    for (int i = 0; i < 50; ++i) {
      const double middle = 0.5 * (low + high);
      (height(boxes(middle)) <= area_.height ? low : high) = middle;
    }
    std::vector<Area> packed = boxes(low);
    const double left_over = area_.height - height(packed);
    if (giant_) packed[0].height += left_over;
    for (std::size_t i = giant_ ? 1 : 0; i < packed.size(); ++i)
      packed[i].top += giant_ ? left_over : 0.5 * left_over;
    return packed;
  }

 private:
  static constexpr double aspect = 1.2;

  double height(const std::vector<Area>& packed) const {
    double bottom = 0;
    for (const Area& box : packed) bottom = std::max(bottom, box.top + box.height - area_.top);
    return bottom;
  }

  std::vector<Area> boxes(double scale) const {
    std::vector<Area> packed;
    double top = area_.top;
    std::size_t at = 0;
    if (giant_) {
      packed.push_back({area_.left, top, area_.width, scale * scale * sizes_[0] / area_.width});
      top += packed[0].height;
      at = 1;
    }
    while (at < sizes_.size()) {
      const std::size_t first = at;
      double used = 0;
      for (; at < sizes_.size(); ++at) {
        const double width = std::min(scale * std::sqrt(sizes_[at] * aspect), area_.width);
        if (at > first && used + width > area_.width) break;
        packed.push_back({area_.left + used, top, width, scale * std::sqrt(sizes_[at] / aspect)});
        used += width;
      }
      // Spread evenly, but a short last shelf keeps together.
      const double gap =
          std::min((area_.width - used) / static_cast<double>(at - first + 1), 0.1 * area_.width);
      const double shift = 0.5 * (area_.width - used - gap * static_cast<double>(at - first - 1));
      for (std::size_t i = first; i < at; ++i)
        packed[i].left += shift + gap * static_cast<double>(i - first);
      top += packed[first].height;
    }
    return packed;
  }

  Area area_;
  std::vector<double> sizes_;
  bool giant_ = false;
};

// The box less a border towards other components, and not so large that few nodes drift apart.
Area drawing_area(const Area& box, std::size_t nodes, bool others) {
  const double most = 200 * std::sqrt(static_cast<double>(nodes));
  const double border = others ? std::min(0.06 * std::min(box.width, box.height), 16.0) : 0;
  const double width = std::min(box.width - 2 * border, most);
  const double height = std::min(box.height - 2 * border, most);
  return {box.left + 0.5 * (box.width - width), box.top + 0.5 * (box.height - height), width,
          height};
}

}  // namespace

Links links_of(const Graph& graph) {
  const auto n = static_cast<std::size_t>(graph.num_nodes());
  std::vector<Nodes> ends(n);
  for (std::size_t target = 0; target < n; ++target)
    for (Index k = graph.offsets()[target]; k < graph.offsets()[target + 1]; ++k) {
      const NodeId source = graph.sources()[static_cast<std::size_t>(k)];
      if (static_cast<std::size_t>(source) == target) continue;
      ends[target].push_back(source);
      ends[static_cast<std::size_t>(source)].push_back(static_cast<NodeId>(target));
    }
  Links links;
  for (Nodes& of_node : ends) {
    std::sort(of_node.begin(), of_node.end());
    links.ends.insert(links.ends.end(), of_node.begin(),
                      std::unique(of_node.begin(), of_node.end()));
    links.offsets.push_back(static_cast<Index>(links.ends.size()));
  }
  return links;
}

Layout lay_out(const Links& links, const LayoutOptions& options) {
  const auto n = static_cast<std::size_t>(links.num_nodes());
  Layout layout;
  layout.places.resize(n);
  layout.radii = radii_of(links, options.area);
  const Parts parts = parts_of(links);
  layout.isolated = static_cast<Index>(parts.isolated.size());
  Area area = options.area;
  area.height -= place_isolated(parts.isolated, parts.components.empty(), options, layout);
  if (parts.components.empty()) return layout;
  area.height = std::max(area.height, 20.0);

  const std::vector<Area> boxes = Shelves(parts.components, area).pack();
  std::vector<NodeId> number(n);
  for (std::size_t c = 0; c < boxes.size(); ++c) {
    const Nodes& nodes = parts.components[c];
    const Links within = links_within(links, nodes, number);
    std::vector<double> radii;
    for (NodeId node : nodes) radii.push_back(layout.radii[node]);
    std::vector<Place> places = force_layout(within, options.seed);
    fit_into(drawing_area(boxes[c], nodes.size(), boxes.size() > 1), within, radii, places);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      layout.places[nodes[i]] = places[i];
      layout.radii[nodes[i]] = radii[i];
    }
  }
  return layout;
}

}  // namespace AGATE_NAMESPACE::explain
