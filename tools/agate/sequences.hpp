#pragma once
// Models of sequences: what their commands were asked to do, and their data. The commands are in
// sequence_train.cpp and sequence_use.cpp.

#include <agate/data/sequence_data.hpp>
#include <agate/explain/heat_map.hpp>
#include <agate/models/sequence_model.hpp>
#include <agate/train/sequence_trainer.hpp>

#include "settings.hpp"

namespace tool {

struct SequenceSettings {
  RunOptions run;
  agate::models::SequenceConfig model;
  agate::train::TrainOptions train;
  std::string command{};  // the line that asks for all this
};

// Whether a command is about sequences: by its --task or --pairs, by the name of its data, or by
// the model that it applies.
bool is_about_sequences(const Command& command);

// Defaults < the model's preset < --config FILE < flags and --set, in this order; for each model
// that --model or --models names. Error(usage) for an option that models of sequences do not have.
std::vector<SequenceSettings> resolve_sequences(const Command& command);

// What --data or --pairs name: drawn, or split, with this seed.
agate::data::SequenceData load_sequences(const RunOptions& run, std::uint64_t seed);

// The pairs that a saved model is to be applied to, of --split the test part; targets may be
// missing (then they are empty) unless they are needed.
struct ToSay {
  agate::data::SequencePairs pairs;
  std::vector<std::string> sources, targets;  // as they read; targets empty where there are none
  bool drawn = false;                         // anew, from a task
};
ToSay load_to_say(const RunOptions& run, const agate::models::SequenceConfig& config,
                  bool targets_needed);
// Those of them alone.
void keep(ToSay& to_say, const std::vector<agate::Index>& which);

// What a model attended to while it said one pair, and how its rows and columns read.
std::vector<agate::explain::HeatPanel> alignment_panels(const agate::models::SequenceModel& model,
                                                        const agate::data::SequencePairs& pair,
                                                        int threads);
std::string alignment_svg(const std::vector<agate::explain::HeatPanel>& panels,
                          const std::string& title, const std::string& subtitle);

// Runs the command and returns the exit code.
int run_sequences(const Command& command);

int train_sequences(const SequenceSettings& settings);
int compare_sequences(const std::vector<SequenceSettings>& models);
int predict_sequences(const SequenceSettings& settings);
int evaluate_sequences(const SequenceSettings& settings);
int explain_sequences(const SequenceSettings& settings);
int describe_sequences(const SequenceSettings& settings);

}  // namespace tool
