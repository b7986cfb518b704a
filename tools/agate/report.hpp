#pragma once
// Pages that a person looks at: what was trained on what, the figures, the pictures, the errors
// worth looking at, and the command to do it again.

#include <agate/models/ensemble.hpp>
#include <agate/models/model_file.hpp>

#include "comparison.hpp"
#include "experiment.hpp"

namespace tool {

// A page of its own, made piece by piece.
class Report {
 public:
  explicit Report(std::string title) : title_(std::move(title)) {}
  void heading(const std::string& text);
  void paragraph(const std::string& text);
  void note(const std::string& text);
  // Cells are texts; the first row is the head.
  void table(const std::vector<std::vector<std::string>>& rows);
  void picture(const std::string& svg);
  // HTML as it is: what comes from data must have gone through agate::explain::html_text.
  void html(const std::string& markup) { body_ += markup; }
  // The command, versions and settings.
  void repeat(const std::string& command, const std::string& settings);
  std::string page() const;

 private:
  std::string title_, body_;
};

// What is known of how a saved model came to be, as JSON.
std::string settings_json(const agate::models::ModelFile& file);

// What a model says of a part of a dataset whose labels are known: tables of classes, curves,
// reliability, the surest mistakes, a map of the nodes, and the graph.
void report_predictions(Report& report, const agate::models::Model& model,
                        const agate::data::Dataset& dataset, const agate::Tensor& outputs,
                        const std::vector<agate::Index>& items, const std::string& part,
                        int threads);

// The losses and the validation metric of each epoch.
void report_learning(Report& report, const agate::train::EpochsResult& fit,
                     const std::string& metric);

std::string training_report(const Settings& settings, const Experiment& experiment,
                            const Trained& trained);
std::string comparison_report(const std::vector<Compared>& rows, const Experiment& experiment);

}  // namespace tool
