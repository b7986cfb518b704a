#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/train/stopping.hpp>
#include <limits>
#include <numeric>

namespace AGATE_NAMESPACE::train {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

class Keep : public StoppingRule {
 public:
  Keep(Index patience, bool by_metric) : patience_(patience), by_metric_(by_metric) {}
  StopDecision operator()(const EpochScore& s) override {
    const bool better =
        by_metric_ ? s.val_metric > metric_ || (s.val_metric == metric_ && s.val_loss < loss_)
                   : s.val_loss < loss_;
    // Of a perfect metric a lower loss is worth keeping, but nothing that is worth waiting for.
    const bool perfect = by_metric_ && metric_ >= 1;
    if (better) {
      loss_ = s.val_loss;
      metric_ = s.val_metric;
      if (!perfect) hoped_ = s.epoch;
    }
    return {better, s.epoch - hoped_ >= patience_};
  }

 private:
  Index patience_, hoped_ = 0;
  bool by_metric_;
  double loss_ = infinity, metric_ = -infinity;
};

class Gat : public StoppingRule {
 public:
  explicit Gat(Index patience) : patience_(patience) {}
  StopDecision operator()(const EpochScore& s) override {
    const bool metric = s.val_metric >= metric_, loss = s.val_loss <= loss_;
    waited_ = metric || loss ? 0 : waited_ + 1;
    if (metric) metric_ = s.val_metric;
    if (loss) loss_ = s.val_loss;
    return {metric && loss, waited_ >= patience_};
  }

 private:
  Index patience_, waited_ = 0;
  double loss_ = infinity, metric_ = 0;
};

// Whether the loss exceeds its mean over the `window` epochs before.
class Rising {
 public:
  explicit Rising(Index window) : window_(static_cast<std::size_t>(window)) {}
  bool operator()(double loss) {
    const bool rising = losses_.size() >= window_ &&
                        loss > std::accumulate(losses_.end() - static_cast<std::ptrdiff_t>(window_),
                                               losses_.end(), 0.0) /
                                   static_cast<double>(window_);
    losses_.push_back(loss);
    return rising;
  }

 private:
  std::size_t window_;
  std::vector<double> losses_;
};

class Gcn : public StoppingRule {
 public:
  StopDecision operator()(const EpochScore& s) override {
    const bool rising = rising_(s.val_loss + s.val_penalty);
    return {true, s.epoch > 11 && rising};
  }

 private:
  Rising rising_{10};
};

class Pyg : public StoppingRule {
 public:
  Pyg(Index patience, Index epochs) : rising_(patience), half_(epochs / 2) {}
  StopDecision operator()(const EpochScore& s) override {
    const bool lower = s.val_loss < loss_, rising = rising_(s.val_loss);
    if (lower) loss_ = s.val_loss;
    return {lower, s.epoch > half_ && rising};
  }

 private:
  Rising rising_;
  Index half_;
  double loss_ = infinity;
};

class None : public StoppingRule {
 public:
  StopDecision operator()(const EpochScore&) override { return {true, false}; }
};

}  // namespace

const std::vector<StoppingInfo>& stopping_rules() {
  static const std::vector<StoppingInfo> rules{
      {"val_loss", "lowest validation loss, patience on it"},
      {"val_metric", "best validation metric, patience on it"},
      {"gat", "both improve or equal; patience on either (the GAT authors' rule)"},
      {"gcn", "last weights; stops when the loss rises above its recent mean (the GCN authors')"},
      {"pyg", "lowest validation loss; stops late when the loss rises (PyG's benchmark)"},
      {"none", "last weights, all epochs"}};
  return rules;
}

std::unique_ptr<StoppingRule> make_stopping_rule(const std::string& name, Index patience,
                                                 Index epochs) {
  if (name == "val_loss") return std::make_unique<Keep>(patience, false);
  if (name == "val_metric") return std::make_unique<Keep>(patience, true);
  if (name == "gat") return std::make_unique<Gat>(patience);
  if (name == "gcn") return std::make_unique<Gcn>();
  if (name == "pyg") return std::make_unique<Pyg>(patience, epochs);
  if (name == "none") return std::make_unique<None>();
  std::vector<std::string> known;
  for (const StoppingInfo& rule : stopping_rules()) known.push_back(rule.name);
  fail(ErrorCode::usage, "stopping rule \"", name, "\" is not known", suggestion(name, known));
}

}  // namespace AGATE_NAMESPACE::train
