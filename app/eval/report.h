#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/energy_histograms.h"
#include "app/eval_log_z.h"
#include "app/long_run.h"
#include "metrics/neighbours/memorisation.h"
#include "metrics/sample_quality.h"

namespace ebm::app {

/// A set of images compared with the training images.
struct EvaluatedSet {
  std::string key;   ///< in JSON: "noise", "test", ...
  std::string name;  ///< for people
  metrics::SampleQuality quality;
  std::optional<metrics::Memorisation> memorisation = std::nullopt;  ///< not of the test images
};

/// How well energies tell test images from other data.
struct EvaluatedOther {
  std::string name;
  std::int64_t n = 0;
  double auroc = 0.0;             ///< of E, the other data being positive
  double aupr = 0.0;              ///< average precision of E
  double auroc_complexity = 0.0;  ///< of the compressed size by itself
};

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
  std::vector<EvaluatedSet> samples;  ///< drawn from noise first
  std::vector<EvaluatedSet> anchors;  ///< what the same pipeline says of known images
  std::vector<EvaluatedOther> others;
  EnergyHistograms energies;
  std::optional<EvaluatedLogZ> log_z;
  std::optional<LongRun> long_run;
  std::optional<FilmOfReport> film;
};

/// One document: the figures of the first samples at the top, all sets below.
nlohmann::ordered_json eval_json(const EvalReport& report);
/// The same as tables for people.
std::string eval_text(const EvalReport& report);

}  // namespace ebm::app
