#include <agate/train/metrics.hpp>
#include <agate/train/optimizer.hpp>
#include <agate/train/schedule.hpp>
#include <agate/train/stopping.hpp>
#include <agate/train/trainer.hpp>

namespace AGATE_NAMESPACE::train {

const std::vector<Option<TrainOptions>>& train_options() {
  using T = TrainOptions;
  static const std::vector<Option<T>> table = [] {
    std::vector<std::string> rules;
    for (const StoppingInfo& rule : stopping_rules()) rules.push_back(rule.name);
    std::vector<std::string> metrics = metric_names();
    metrics.insert(metrics.begin(), "auto");
    return std::vector<Option<T>>{
        {"epochs", &T::epochs, "at most so many passes over the training nodes", 1, 1e9, {}},
        {"patience", &T::patience, "epochs without improvement before stopping", 1, 1e9, {}},
        {"optimizer", &T::optimizer, "how weights follow the gradient", 0, 0, optimizer_names()},
        {"lr", &T::lr, "learning rate", 1e-12, 1e3, {}},
        {"momentum", &T::momentum, "of sgd", 0, 0.9999, {}},
        {"weight_decay", &T::weight_decay, "w: the penalty w/2 * |weights|^2", 0, 1e3, {}},
        {"weight_decay_on",
         &T::weight_decay_on,
         "which weights are penalised",
         0,
         0,
         {"all", "first_layer"}},
        {"clip_norm", &T::clip_norm, "longest gradient; 0: no limit", 0, 1e30, {}},
        {"schedule", &T::schedule, "of the learning rate", 0, 0, schedule_names()},
        {"gamma", &T::gamma, "step, plateau: what lr is multiplied by", 1e-9, 1, {}},
        {"step_size", &T::step_size, "step, plateau: epochs between two such steps", 1, 1e9, {}},
        {"warmup", &T::warmup, "epochs in which lr grows to its value", 0, 1e9, {}},
        {"class_weight",
         &T::class_weight,
         "balanced: rare classes and labels count as much as others",
         0,
         0,
         {"none", "balanced"}},
        {"label_smoothing",
         &T::label_smoothing,
         "the share of a class that is spread over all of them, in training",
         0,
         1,
         {}},
        {"negatives",
         &T::negatives,
         "links: pairs without a link for each link in a step",
         0.01,
         1000,
         {}},
        {"mask_edges",
         &T::mask_edges,
         "links: those that a step asks for carry no messages in it",
         0,
         0,
         {}},
        {"metric", &T::metric, "what is reported and validated; auto: the data's", 0, 0, metrics},
        {"stop", &T::stop, "stopping rule", 0, 0, rules},
        {"batch_size",
         &T::batch_size,
         "graphs, edges or links per step; 0: all in one step",
         0,
         1e9,
         {}},
        {"eval_every", &T::eval_every, "epochs from one validation to the next", 1, 1e9, {}},
        {"threads", &T::threads, "threads; 0: all processors", 0, 4096, {}},
    };
  }();
  return table;
}

}  // namespace AGATE_NAMESPACE::train
