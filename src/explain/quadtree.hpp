#pragma once
// Repulsion of every node by all others in O(n log n) (Barnes & Hut 1986): far nodes act together
// from their centre of mass.

#include <vector>

#include "explain/layout.hpp"

namespace AGATE_NAMESPACE::explain {

class Quadtree {
 public:
  Quadtree(const std::vector<Place>& places, const std::vector<double>& masses);

  // The sum over all masses m elsewhere of m * (at - there) / |at - there|^2.
  Place repulsion(Place at) const;

 private:
  struct Body {
    double x, y, mass;
  };
  // Cells stand in preorder, so that a walk skips what lies below a cell by going to `after`.
  struct Cell {
    double x = 0, y = 0, mass = 0;  // centre of mass
    double size = 0;
    std::size_t begin = 0, end = 0, after = 0;
    bool leaf = false;
  };
  void build(std::size_t begin, std::size_t end, Place corner, double size, int depth);

  std::vector<Body> bodies_;
  std::vector<Cell> cells_;
};

}  // namespace AGATE_NAMESPACE::explain
