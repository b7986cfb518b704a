#include <agate/core/error.hpp>
#include <agate/explain/ego_picture.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "explain/ego_view.hpp"
#include "explain/label_places.hpp"
#include "explain/layout.hpp"
#include "explain/palette.hpp"
#include "explain/svg.hpp"
#include "explain/xml_text.hpp"

namespace AGATE_NAMESPACE::explain {
namespace {

constexpr double line_height = 22;
constexpr const char* for_colour = "#D55E00";
constexpr const char* against_colour = "#0072B2";
constexpr const char* plain_colour = "#333333";

bool meet(const Area& a, const Area& b) {
  return a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height &&
         b.top < a.top + a.height;
}

std::string score_text(double score) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", score);
  return text;
}

class EgoPicture {
 public:
  EgoPicture(const data::Dataset& dataset, const ItemExplanation& e,
             const EgoPictureOptions& options)
      : dataset_(dataset), options_(options), view_(ego_view(dataset, e, options.most_nodes)) {
    for (const double score : e.edge_scores) {
      strongest_ = std::max(strongest_, std::abs(score));
      signs_ = signs_ || score < 0;
    }
  }

  std::string draw() {
    svg_ = svg_start(options_.width, options_.height,
                     options_.title.empty() ? dataset_.name : options_.title);
    heading();
    legend();
    Area area{margin, top_, options_.width - 2 * margin, options_.height - top_ - margin};
    const bool partial =
        view_.nodes.size() < view_.all_nodes || view_.lines.size() < view_.all_lines;
    if (partial) area.height -= line_height;
    area.height = std::max(area.height, 40.0);
    lay_out_nodes(area);
    lines();
    nodes();
    labels(area);
    if (partial)
      text(margin, options_.height - margin + 8, 13,
           with_commas(std::ssize(view_.nodes)) + " of " +
               with_commas(static_cast<Index>(view_.all_nodes)) + " nodes and " +
               with_commas(std::ssize(view_.lines)) + " of " +
               with_commas(static_cast<Index>(view_.all_lines)) +
               " links drawn: those to which the strongest lead",
           grey);
    return svg_ + "</svg>\n";
  }

 private:
  void text(double x, double y, double size, std::string_view content, const std::string& colour,
            const std::string& more = "") {
    svg_ += svg_text(x, y, size, content, options_.width - margin - x, colour, more);
  }

  int class_of(std::size_t k) const {
    return options_.classes.empty() ? -1
                                    : options_.classes[static_cast<std::size_t>(view_.nodes[k])];
  }
  std::string class_name(int c) const {
    return c < 0 ? "" : dataset_.classes[static_cast<std::size_t>(c)];
  }

  void heading() {
    top_ = margin;
    if (!options_.title.empty()) {
      text(margin, top_ + 17, 22, options_.title, "#000", " font-weight=\"bold\"");
      top_ += 30;
    }
    if (!options_.subtitle.empty()) {
      text(margin, top_ + 13, 15, options_.subtitle, "#444");
      top_ += 26;
    }
  }

  // Classes that are there, as many as fit in three lines; then what lines mean.
  void legend() {
    std::map<int, Index> counts;
    for (std::size_t k = 0; k < view_.nodes.size(); ++k) ++counts[class_of(k)];
    double x = margin;
    const double end = options_.width - margin, bottom = top_ + 2 * line_height;
    const auto room = [&](double width) {
      if (x > margin && x + width > end) x = margin, top_ += line_height;
      return top_ < bottom;
    };
    for (const auto& [c, count] : counts) {
      if (c < 0) continue;
      const std::string entry = shortened(class_name(c), 40) + ": " + with_commas(count);
      const double width = 30 + text_width(entry, text_size);
      if (!room(width)) break;
      svg_ += "<circle cx=\"" + px(x + 7) + "\" cy=\"" + px(top_ + 6) + "\" r=\"6\" fill=\"" +
              class_colour(c) + "\" class=\"key\"/>\n";
      text(x + 20, top_ + 11, text_size, entry, "#000");
      x += width;
    }
    if (x > margin) top_ += line_height;
    x = margin;
    const auto key = [&](const char* colour, const std::string& meaning) {
      svg_ += svg_line(x, top_ + 6, x + 26, top_ + 6, colour, 6);
      text(x + 34, top_ + 11, text_size, meaning, "#000");
      x += 50 + text_width(meaning, text_size);
    };
    if (!view_.lines.empty() && signs_) {
      key(for_colour, "speaks for the answer");
      key(against_colour, "speaks against it");
    } else if (!view_.lines.empty()) {
      key(plain_colour, "the wider, the more the answer hangs on it");
    }
    top_ += line_height + 4;
  }

  void lay_out_nodes(const Area& area) {
    std::vector<Edge> edges;
    for (const EgoLine& line : view_.lines)
      edges.push_back({static_cast<NodeId>(line.a), static_cast<NodeId>(line.b)});
    links_ = links_of(Graph::from_edges(std::ssize(view_.nodes), edges, {.undirected = true}));
    std::vector<int> group;
    for (std::size_t k = 0; k < view_.nodes.size(); ++k) {
      group.push_back(class_of(k));
      names_.push_back(shortened(dataset_.node_name(view_.nodes[k]), 22));
      widths_.push_back(text_width(names_.back(), small_size));
    }
    layout_ = lay_out(links_, {.area = area,
                               .group = group,
                               .label_width = *std::ranges::max_element(widths_),
                               .seed = options_.seed});
    for (double& r : layout_.radii) r = std::clamp(r, 4.0, 14.0);
  }

  // From 0 to 1.
  double importance(double score) const {
    return strongest_ > 0 ? std::abs(score) / strongest_ : 0;
  }

  void lines() {
    // Thinner where there are many.
    const double wide = std::clamp(std::sqrt(40.0 / double(view_.lines.size() + 1)), 0.3, 1.0);
    svg_ += "<g stroke-linecap=\"round\">\n";
    for (const EgoLine& line : view_.lines) {
      const Place from = layout_.places[line.a], to = layout_.places[line.b];
      const double share = importance(line.score);
      char opacity[16];
      std::snprintf(opacity, sizeof opacity, "%.2f", 0.18 + 0.72 * share);
      svg_ += "<line class=\"link\" x1=\"" + px(from.x) + "\" y1=\"" + px(from.y) + "\" x2=\"" +
              px(to.x) + "\" y2=\"" + px(to.y) + "\" stroke=\"" +
              (!signs_          ? plain_colour
               : line.score < 0 ? against_colour
                                : for_colour) +
              "\" stroke-width=\"" + px(0.8 + 6.2 * wide * share) + "\" stroke-opacity=\"" +
              opacity + "\"><title>" +
              xml_text(shortened(dataset_.node_name(view_.nodes[line.a]), 60) + " - " +
                       shortened(dataset_.node_name(view_.nodes[line.b]), 60) + ": " +
                       score_text(line.score)) +
              "</title></line>\n";
    }
    svg_ += "</g>\n";
  }

  // Those explained last, on top.
  void nodes() {
    for (std::size_t k = view_.nodes.size(); k-- > 0;) {
      const bool explained = k < view_.explained;
      const Place at = layout_.places[k];
      if (explained) layout_.radii[k] = std::max(layout_.radii[k], 9.0);
      std::string about = shortened(dataset_.node_name(view_.nodes[k]), 200);
      if (class_of(k) >= 0) about += ": " + class_name(class_of(k));
      if (explained) about += " (explained)";
      svg_ += "<circle class=\"" + std::string(explained ? "node explained" : "node") + "\" cx=\"" +
              px(at.x) + "\" cy=\"" + px(at.y) + "\" r=\"" + px(layout_.radii[k]) + "\" fill=\"" +
              class_colour(class_of(k)) + "\" stroke=\"" + (explained ? "#000" : "#fff") +
              "\" stroke-width=\"" + (explained ? "4" : "1") + "\"><title>" + xml_text(about) +
              "</title></circle>\n";
    }
  }

  // In the order of the nodes, which is that of the strongest edges.
  void labels(const Area& area) {
    const auto boxes = place_labels(area, layout_, links_, widths_, small_size + 1);
    std::vector<Area> taken;
    svg_ +=
        "<g paint-order=\"stroke\" stroke=\"#fff\" stroke-width=\"3\" "
        "stroke-linejoin=\"round\">\n";
    for (std::size_t k = 0; k < boxes.size(); ++k) {
      const Area& box = boxes[k];
      bool free = true;
      for (const Area& other : taken) free = free && !meet(box, other);
      for (std::size_t i = 0; i < boxes.size(); ++i) {
        const double r = layout_.radii[i];
        const Place at = layout_.places[i];
        if (i != k) free = free && !meet(box, {at.x - r, at.y - r, 2 * r, 2 * r});
      }
      const bool explained = k < view_.explained;
      if (!free && !explained) continue;
      taken.push_back(box);
      svg_ += "<text class=\"name\" x=\"" + px(box.left) + "\" y=\"" +
              px(box.top + 0.85 * small_size) + "\" font-size=\"" + px(small_size) +
              "\" fill=\"#000\"" + (explained ? " font-weight=\"bold\"" : "") +
              " pointer-events=\"none\">" + xml_text(names_[k]) + "</text>\n";
    }
    svg_ += "</g>\n";
  }

  const data::Dataset& dataset_;
  const EgoPictureOptions& options_;
  EgoView view_;
  double strongest_ = 0;
  bool signs_ = false;  // whether scores below 0 are there
  Links links_;
  Layout layout_;
  std::vector<std::string> names_;
  std::vector<double> widths_;
  std::string svg_;
  double top_ = 0;  // what is free begins here
};

}  // namespace

std::string ego_picture_svg(const data::Dataset& dataset, const ItemExplanation& e,
                            const EgoPictureOptions& options) {
  check(e.item >= 0 && e.item < dataset.num_items() && e.edges.size() == e.edge_scores.size(),
        ErrorCode::shape, "ego picture: an explanation of item ", e.item, " with ", e.edges.size(),
        " edges and ", e.edge_scores.size(), " scores, for ", dataset.num_items(), " ",
        data::items_of(dataset.task));
  for (const Index id : e.edges)
    check(id >= 0 && id < dataset.graph.num_edges(), ErrorCode::shape, "ego picture: edge ", id,
          ", the graph has ", dataset.graph.num_edges());
  check(options.classes.empty() || std::ssize(options.classes) == dataset.num_nodes(),
        ErrorCode::shape, "ego picture: classes has ", options.classes.size(),
        " entries, the graph has ", dataset.num_nodes(), " nodes");
  for (const int c : options.classes)
    check(c >= -1 && c < dataset.num_classes(), ErrorCode::shape, "ego picture: class ", c,
          ", there are ", dataset.num_classes());
  check(options.most_nodes >= 2 && options.most_nodes <= 400, ErrorCode::value,
        "ego picture: most_nodes = ", options.most_nodes, ", expected 2 to 400");
  for (const int side : {options.width, options.height})
    check(side >= 300 && side <= 10'000, ErrorCode::value, "ego picture: a width or height of ",
          side, ", expected 300 to 10,000");
  return EgoPicture(dataset, e, options).draw();
}

}  // namespace AGATE_NAMESPACE::explain
