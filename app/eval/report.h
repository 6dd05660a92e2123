#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "evaluation/energy_comparison.h"
#include "evaluation/energy_histograms.h"
#include "evaluation/feature_comparison.h"
#include "evaluation/log_z_bounds.h"
#include "evaluation/long_run.h"

namespace ebm::app {

/// The picture beside the document.
struct FilmOfReport {
  std::string file;                 ///< name, in the same folder
  std::vector<std::int64_t> steps;  ///< of the columns
  std::int64_t n_chains = 0;        ///< rows
};

/// A model and how it was sampled.
struct EvaluatedModel {
  std::string name;  ///< as it was asked for
  std::string file;  ///< that the weights came from
  std::int64_t steps = 0;
  double step_size = 0.0, noise_scale = 0.0, temperature = 0.0;
};

/// All that `ebm eval` found.
struct EvalReport {
  std::optional<EvaluatedModel> model;  ///< nothing for samples from elsewhere
  std::string data, test, features;
  bool is_classifier = true;  ///< features are a classifier's: the distance is FD-CNN
  std::int64_t n = 0;
  std::uint64_t seed = 0;
  double seconds = 0.0;
  std::vector<evaluation::EvaluatedSet> samples;  ///< drawn from noise first
  std::vector<evaluation::EvaluatedSet> anchors;  ///< what the same pipeline says of known images
  std::vector<evaluation::OodResult> others;
  evaluation::EnergyHistograms energies;
  std::optional<evaluation::LogZBounds> log_z;
  std::optional<evaluation::LongRun> long_run;
  std::optional<FilmOfReport> film;
};

/// One document: the figures of the first samples at the top, all sets below.
nlohmann::ordered_json eval_json(const EvalReport& report);
/// The same as tables for people.
std::string eval_text(const EvalReport& report);

/// The estimates of log Z as those of `ebm logz`, with bits per dimension.
nlohmann::json log_z_bounds_json(const evaluation::LogZBounds& bounds);
std::string log_z_bounds_text(const evaluation::LogZBounds& bounds);

}  // namespace ebm::app
