#include <agate/core/error.hpp>
#include <agate/train/sequence_trainer.hpp>

namespace AGATE_NAMESPACE::train {

void apply_sequence_preset(models::SequenceConfig& config, TrainOptions& options, bool drawn) {
  if (drawn) config.dropout = 0;
  options.epochs = 100;
  options.patience = 30;
  options.lr = 0.001;
  options.weight_decay = 0;
  options.clip_norm = 1;
  options.stop = "val_loss";
  options.batch_size = 32;
  const std::string& model = config.model;
  if (model == "transformer" || model == "rfa_transformer") {
    options.schedule = "inverse_sqrt";
    options.warmup = 5;
    return;
  }
  config.layers = 1;
  if (model != "ntm") {
    options.epochs = 60;
    options.lr = 0.002;
    options.schedule = "cosine";
  }
  if (model == "lstm") {
    config.hidden = 256;
    config.layers = 3;
  }
  if (model == "ntm") {
    // Small steps of few pairs, as Graves et al. 2014 took; longer gradients lose what was learned.
    config.hidden = 100;
    options.clip_norm = 0.5;
    options.batch_size = 4;
    options.lr = 0.003;
  }
}

}  // namespace AGATE_NAMESPACE::train
