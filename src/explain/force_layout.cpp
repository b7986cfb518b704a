#include "explain/force_layout.hpp"

#include <agate/core/random.hpp>
#include <algorithm>
#include <cmath>

#include "explain/pivot_layout.hpp"
#include "explain/quadtree.hpp"

namespace AGATE_NAMESPACE::explain {
namespace {

// Chosen by looking: larger repulsion spreads groups, larger gravity keeps loosely tied nodes near.
constexpr double repulsion = 2, gravity = 0.3, most_gravity = 4;
constexpr double hop = 10;  // the unit of length, and the longest move in a step

class Simulation {
 public:
  Simulation(const Links& links, std::uint64_t seed)
      : links_(links), places_(pivot_layout(links)), before_(places_.size()) {
    // The pull that dense graphs need would fold thin ones, such as a ring.
    const auto ends = static_cast<double>(links.ends.size());
    gravity_ = std::min(most_gravity, gravity * ends / static_cast<double>(places_.size()));
    Random random(seed);
    for (std::size_t i = 0; i < places_.size(); ++i) {
      masses_.push_back(1 + static_cast<double>(links.of(static_cast<Index>(i)).size()));
      // Nodes that the first layout cannot tell apart must not stay together.
      places_[i].x = hop * (places_[i].x + random.uniform(-0.25, 0.25));
      places_[i].y = hop * (places_[i].y + random.uniform(-0.25, 0.25));
    }
  }

  void step() {
    std::vector<Place> forces = this->forces();
    // Each node moves the faster the steadier its force: swinging is damped, node by node and as a
    // whole.
    double swinging = 0, traction = 0;
    std::vector<double> swing(forces.size());
    for (std::size_t i = 0; i < forces.size(); ++i) {
      swing[i] = std::hypot(forces[i].x - before_[i].x, forces[i].y - before_[i].y);
      swinging += masses_[i] * swing[i];
      traction +=
          0.5 * masses_[i] * std::hypot(forces[i].x + before_[i].x, forces[i].y + before_[i].y);
    }
    const double wanted = swinging > 0 ? traction / swinging : speed_;
    speed_ = std::min(wanted, 1.5 * speed_);
    for (std::size_t i = 0; i < forces.size(); ++i) {
      const double size = std::hypot(forces[i].x, forces[i].y);
      const double steady = speed_ / (1 + speed_ * std::sqrt(swing[i]));
      const double own = size * steady > hop ? hop / size : steady;
      places_[i].x += own * forces[i].x;
      places_[i].y += own * forces[i].y;
    }
    before_ = std::move(forces);
  }

  std::vector<Place> places() && { return std::move(places_); }

 private:
  std::vector<Place> forces() const {
    const Quadtree tree(places_, masses_);
    std::vector<Place> forces(places_.size());
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const Place at = places_[i];
      const Place away = tree.repulsion(at);
      const double push = repulsion * masses_[i];
      const double pull = gravity_ * masses_[i] / (std::hypot(at.x, at.y) + 1e-9);
      forces[i] = {push * away.x - pull * at.x, push * away.y - pull * at.y};
      for (NodeId end : links_.of(static_cast<Index>(i))) {
        forces[i].x += places_[end].x - at.x;
        forces[i].y += places_[end].y - at.y;
      }
    }
    return forces;
  }

  const Links& links_;
  std::vector<Place> places_, before_;
  std::vector<double> masses_;
  double speed_ = 0.05, gravity_ = 0;
};

}  // namespace

std::vector<Place> force_layout(const Links& links, std::uint64_t seed) {
  Simulation simulation(links, seed);
  const Index steps = std::clamp<Index>(6'000'000 / links.num_nodes(), 200, 800);
  for (Index i = 0; i < steps; ++i) simulation.step();
  return std::move(simulation).places();
}

}  // namespace AGATE_NAMESPACE::explain
