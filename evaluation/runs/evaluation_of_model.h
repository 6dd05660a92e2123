#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/on_read.h"
#include "evaluation/open_features.h"
#include "evaluation/progress.h"
#include "evaluation/report/evaluation_report.h"
#include "models/open_model.h"

namespace ebm::evaluation {

/// What is to be evaluated, by the names of the options of `ebm eval`.
struct EvaluationRequest {
  std::string data;              ///< SPEC; empty: the model's training data
  std::string features;          ///< file; empty: the shipped ones
  std::vector<std::string> ood;  ///< SPECs
  std::optional<std::int64_t> n, steps, long_run, temperatures;
  bool takes_long_fd = false;
  std::int64_t densities = 0;
  std::int64_t seed = 0;
  int n_threads = 1;
  OpenScript open_script = nullptr;                 ///< null in a program without LibTorch
  std::filesystem::path share = models::kShareDir;  ///< of features that come with the program
  data::OnRead on_read = nullptr;
  OnProgress on_progress = nullptr;
  std::function<void(const std::string&)> on_warning = {};  ///< on what is left out
  /// Whether there is to be a film, asked of a model that could have one; null: no.
  std::function<bool()> takes_film = nullptr;

  /// @throws Error(kUsage) naming what can be found to be wrong without a model
  void validate() const;
};

/// The data to use with a model: those that are given, or else those that it was trained on.
/// @param own     of the model; may be empty
/// @param origin  of the model, for the message
/// @throws Error(kUsage) if neither is known
std::string data_of(const std::string& own, const std::string& origin, const std::string& given);

/// Reads the data of a model of images, its own unless others are given, and evaluates it.
/// @param name  of the model, for the report
/// @return      without seconds and a file of the film
/// @throws Error(kUsage) for a model of points or options that do not fit the model; what reading
///         images and evaluate_model() throw
EvalReport evaluation_of_model(const models::EnergyModel& model, const std::string& name,
                               const EvaluationRequest& request);

/// Compares images of a generator or of another program with data.
/// @param name  of the samples, for messages
/// @param request  with data
/// @throws what reading images and evaluate_samples() throw
EvalReport evaluation_of_samples(const data::Dataset& samples, const std::string& name,
                                 const EvaluationRequest& request);

}  // namespace ebm::evaluation
