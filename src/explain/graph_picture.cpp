#include <agate/core/error.hpp>
#include <agate/core/random.hpp>
#include <agate/explain/graph_picture.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "explain/label_places.hpp"
#include "explain/layout.hpp"
#include "explain/palette.hpp"
#include "explain/svg.hpp"
#include "explain/xml_text.hpp"

namespace AGATE_NAMESPACE::explain {
namespace {

constexpr Index most_labelled_nodes = 60;

std::string counted(Index count, const std::string& noun) {
  return with_commas(count) + ' ' + noun + (count == 1 ? "" : "s");
}

class Picture {
 public:
  Picture(const data::Dataset& dataset, const PictureOptions& options)
      : dataset_(dataset),
        options_(options),
        classes_(options.predicted.empty() ? dataset.y : options.predicted),
        wrong_(classes_.size()),
        links_(links_of(dataset.graph)) {
    for (Index i : options.wrong) wrong_[static_cast<std::size_t>(i)] = true;
    check(links_.num_pairs() <= most_picture_links, ErrorCode::limit,
          "graph picture: the graph has ", with_commas(links_.num_pairs()),
          " links, a picture shows at most ", with_commas(most_picture_links));
  }

  std::string draw() {
    svg_ = svg_start(options_.width, options_.height,
                     options_.title.empty() ? dataset_.name : options_.title);
    heading();
    legend();
    Area area{margin, top_, options_.width - 2 * margin, options_.height - top_ - margin};
    const bool sampled = links_.num_pairs() > most_drawn_links;
    if (sampled) area.height -= caption_height;
    area.height = std::max(area.height, 20.0);
    measure_names();
    layout_ = lay_out(
        links_, {.area = area,
                 .group = classes_,
                 .label_width = label_widths_.empty()
                                    ? 0
                                    : *std::max_element(label_widths_.begin(), label_widths_.end()),
                 .seed = options_.seed});
    links();
    nodes();
    if (!names_.empty()) labels(area);
    if (layout_.isolated > 0)
      text(margin, layout_.isolated_top - 7, 13,
           counted(layout_.isolated, "node") + " without edges", grey);
    if (sampled)
      text(margin, options_.height - margin + 8, 13,
           with_commas(most_drawn_links) + " of " + with_commas(links_.num_pairs()) +
               " links drawn, chosen at random",
           grey);
    return svg_ + "</svg>\n";
  }

 private:
  void text(double x, double y, double size, std::string_view content, const std::string& colour,
            const std::string& more = "") {
    svg_ += svg_text(x, y, size, content, options_.width - margin - x, colour, more);
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

  struct Entry {
    std::string text, mark;  // the mark stands around the origin
  };

  std::vector<Entry> entries() const {
    std::vector<Index> counts(static_cast<std::size_t>(dataset_.num_classes()));
    Index unknown = 0;
    for (int c : classes_) ++(c < 0 ? unknown : counts[static_cast<std::size_t>(c)]);
    const auto dot = [](int c) {
      return "<circle r=\"6\" fill=\"" + class_colour(c) + "\" class=\"key\"/>";
    };
    std::vector<Entry> all;
    for (std::size_t c = 0; c < counts.size(); ++c)
      all.push_back({shortened(dataset_.classes[c], 40) + ": " + with_commas(counts[c]),
                     dot(static_cast<int>(c))});
    if (unknown > 0) all.push_back({"unknown: " + with_commas(unknown), dot(-1)});
    const auto wrong = static_cast<Index>(std::count(wrong_.begin(), wrong_.end(), true));
    if (wrong > 0)
      all.push_back(
          {"wrong: " + with_commas(wrong),
           "<circle r=\"6\" fill=\"#fff\" stroke=\"#000\" stroke-width=\"2\" class=\"key\"/>"});
    return all;
  }

  // In lines from left to right; of what does not fit in a few lines, only the last entry stays.
  void legend() {
    constexpr double line = 22, gap = 30, more = 110;
    const auto all = entries();
    const double end = options_.width - margin;
    double x = margin, lines_left = std::max(1.0, std::floor(0.2 * options_.height / line));
    const auto make_room = [&](double width) {
      if (x == margin || x + width <= end) return;
      x = margin;
      top_ += line;
      lines_left -= 1;
    };
    const auto put = [&](const Entry& entry, double width) {
      make_room(width);
      legend_entry(x, entry);
      x += width;
    };
    const auto width_of = [&](const Entry& entry) {
      return gap + text_width(entry.text, text_size);
    };
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::size_t rest = all.size() - i;
      const double width = width_of(all[i]), last = width_of(all.back());
      if (lines_left <= 1 && rest > 2 && x + width + more + last > end) {
        make_room(more);
        text(x, top_ + 11, text_size, "and " + std::to_string(rest - 1) + " more", "#444");
        x += more;
        put(all.back(), last);
        break;
      }
      put(all[i], width);
    }
    top_ += all.empty() ? 0 : line + 4;
  }

  void legend_entry(double x, const Entry& entry) {
    svg_ += "<g transform=\"translate(" + px(x + 7) + ' ' + px(top_ + 6) + ")\">" + entry.mark +
            "</g>\n";
    text(x + 20, top_ + 11, text_size, entry.text, "#000");
  }

  // Links in an order that favours no node, at most as many as are drawn.
  std::vector<Edge> chosen_links() const {
    std::vector<Edge> all;
    for (Index i = 0; i < links_.num_nodes(); ++i)
      for (NodeId end : links_.of(i))
        if (end > i) all.push_back({static_cast<NodeId>(i), end});
    Random(options_.seed, 1).shuffle(std::span(all));
    if (static_cast<Index>(all.size()) > most_drawn_links)
      all.resize(static_cast<std::size_t>(most_drawn_links));
    return all;
  }

  // Links within a class take its colour. Within one path translucent lines do not add up where
  // they cross, and thousands of paths are slow to show: so some dozens of paths share the links.
  void links() {
    const std::vector<Edge> all = chosen_links();
    const double count = static_cast<double>(all.size());
    const double opacity = std::clamp(13 / std::sqrt(count + 1), 0.08, 0.55);
    const double width = std::clamp(30 / std::sqrt(count + 1), 0.5, 1.5);
    const std::size_t rounds = std::clamp<std::size_t>(all.size() / 400, 1, 40);
    svg_ += "<g fill=\"none\" stroke-opacity=\"" + std::to_string(opacity).substr(0, 4) +
            "\" stroke-width=\"" + px(width) + "\">\n";
    for (std::size_t round = 0; round < rounds; ++round) {
      std::vector<std::string> paths(static_cast<std::size_t>(dataset_.num_classes()) + 1);
      for (std::size_t e = round * all.size() / rounds; e < (round + 1) * all.size() / rounds;
           ++e) {
        const Place from = layout_.places[all[e].source], to = layout_.places[all[e].target];
        const int a = classes_[all[e].source], b = classes_[all[e].target];
        paths[a == b ? static_cast<std::size_t>(a + 1) : 0] +=
            'M' + px(from.x) + ' ' + px(from.y) + 'L' + px(to.x) + ' ' + px(to.y);
      }
      for (std::size_t c = 0; c < paths.size(); ++c)
        if (!paths[c].empty())
          svg_ += "<path stroke=\"" + (c == 0 ? "#777" : class_colour(static_cast<int>(c) - 1)) +
                  "\" d=\"" + paths[c] + "\"/>\n";
    }
    svg_ += "</g>\n";
  }

  std::string about(std::size_t i) const {
    const auto name = [&](int c) {
      return c < 0 ? std::string("unknown") : dataset_.classes[static_cast<std::size_t>(c)];
    };
    std::string sentence = dataset_.node_name(static_cast<Index>(i)) + ": " + name(classes_[i]);
    if (wrong_[i]) sentence += " (is " + name(dataset_.y[i]) + ')';
    return sentence;
  }

  // Large nodes first, so that they cover no small ones.
  void nodes() {
    std::vector<std::size_t> order(classes_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return layout_.radii[a] > layout_.radii[b];
    });
    const double rim = links_.num_nodes() <= 200 ? 1 : links_.num_nodes() <= 3000 ? 0.5 : 0.2;
    svg_ += "<g stroke=\"#fff\" stroke-width=\"" + px(rim) + "\">\n";
    for (std::size_t i : order) {
      const Place at = layout_.places[i];
      const double ring = wrong_[i] ? std::clamp(0.4 * layout_.radii[i], 0.7, 3.0) : 0;
      svg_ += "<circle class=\"node\" cx=\"" + px(at.x) + "\" cy=\"" + px(at.y) + "\" r=\"" +
              px(layout_.radii[i] + 0.4 * ring) + "\" fill=\"" + class_colour(classes_[i]) + '"';
      if (wrong_[i]) svg_ += " stroke=\"#000\" stroke-width=\"" + px(ring) + '"';
      svg_ += "><title>" + xml_text(shortened(about(i), 200)) + "</title></circle>\n";
    }
    svg_ += "</g>\n";
  }

  void measure_names() {
    constexpr std::size_t longest = 22;
    if (links_.num_nodes() > most_labelled_nodes) return;
    for (Index i = 0; i < links_.num_nodes(); ++i) {
      names_.push_back(shortened(dataset_.node_name(i), longest));
      label_widths_.push_back(text_width(names_.back(), small_size));
    }
  }

  // Short names inside their nodes, when all are short; otherwise beside them.
  void labels(const Area& area) {
    bool inside = true;
    for (std::size_t i = 0; i < names_.size(); ++i)
      inside = inside && label_widths_[i] < 1.8 * layout_.radii[i];
    std::vector<Area> boxes;
    if (!inside) boxes = place_labels(area, layout_, links_, label_widths_, small_size + 1);
    svg_ += inside ? "<g text-anchor=\"middle\">\n"
                   : "<g paint-order=\"stroke\" stroke=\"#fff\" stroke-width=\"3\" "
                     "stroke-linejoin=\"round\">\n";
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const double x = inside ? layout_.places[i].x : boxes[i].left;
      const double y =
          inside ? layout_.places[i].y + 0.36 * small_size : boxes[i].top + 0.85 * small_size;
      svg_ += "<text x=\"" + px(x) + "\" y=\"" + px(y) + "\" font-size=\"" + px(small_size) +
              "\" fill=\"" + (inside ? text_colour_on(classes_[i]) : "#000") +
              "\" pointer-events=\"none\">" + xml_text(names_[i]) + "</text>\n";
    }
    svg_ += "</g>\n";
  }

  const data::Dataset& dataset_;
  const PictureOptions& options_;
  std::vector<int> classes_;
  std::vector<bool> wrong_;
  Links links_;
  Layout layout_;
  std::vector<std::string> names_;  // written beside or inside the nodes; empty: there are too many
  std::vector<double> label_widths_;
  std::string svg_;
  double top_ = 0;  // what is free begins here
};

void check_classes(const std::vector<int>& classes, const data::Dataset& dataset,
                   const char* what) {
  check(static_cast<Index>(classes.size()) == dataset.num_nodes(), ErrorCode::shape,
        "graph picture: ", what, " has ", classes.size(), " entries, the graph has ",
        dataset.num_nodes(), " nodes");
  for (std::size_t i = 0; i < classes.size(); ++i)
    check(classes[i] >= -1 && classes[i] < dataset.num_classes(), ErrorCode::shape,
          "graph picture: ", what, " gives node ", i, " the class ", classes[i], ", there are ",
          dataset.num_classes(), " classes");
}

}  // namespace

std::string graph_picture_svg(const data::Dataset& dataset, const PictureOptions& options) {
  const Index n = dataset.num_nodes();
  check(!dataset.graph.is_bipartite(), ErrorCode::unsupported,
        "graph picture: a bipartite graph has two sets of nodes, a picture shows one");
  check(n <= most_picture_nodes, ErrorCode::limit, "graph picture: the graph has ", with_commas(n),
        " nodes, a picture shows at most ", with_commas(most_picture_nodes));
  for (int side : {options.width, options.height})
    check(side >= 200 && side <= 10'000, ErrorCode::value, "graph picture: a width or height of ",
          side, ", expected 200 to 10,000");
  check_classes(dataset.y, dataset, "y");
  if (!options.predicted.empty()) check_classes(options.predicted, dataset, "predicted");
  check(dataset.node_ids.empty() || static_cast<Index>(dataset.node_ids.size()) == n,
        ErrorCode::shape, "graph picture: ", dataset.node_ids.size(), " node ids, the graph has ",
        n, " nodes");
  for (Index i : options.wrong)
    check(i >= 0 && i < n, ErrorCode::shape, "graph picture: wrong names node ", i,
          ", the graph has ", n);
  return Picture(dataset, options).draw();
}

}  // namespace AGATE_NAMESPACE::explain
