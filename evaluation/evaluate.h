#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evaluation/density/detection.h"
#include "evaluation/density/level_density.h"
#include "evaluation/energy_comparison.h"
#include "evaluation/energy_histograms.h"
#include "evaluation/feature_comparison.h"
#include "evaluation/film_strip.h"
#include "evaluation/image_sets.h"
#include "evaluation/log_z_bounds.h"
#include "evaluation/long_run.h"
#include "models/open_model.h"

namespace ebm::evaluation {

/// Options that evaluate_samples() and evaluate_model() share.
struct EvaluationOptions {
  std::string limited_by = {};  ///< for a message, as of FeatureComparison
  std::uint64_t seed = 0;
  int n_threads = 1;  ///< results do not depend on it
  OnProgress on_progress = nullptr;
};

/// Further options of evaluate_model().
struct ModelEvaluationOptions {
  std::int64_t steps = 0;           ///< from a start to a sample
  std::int64_t long_run = 0;        ///< steps that chains from noise continue to; 0: none
  bool takes_long_fd = false;       ///< which needs a long run of 100 times the steps
  std::int64_t n_temperatures = 0;  ///< of the path to log Z; 0: no log Z
  std::int64_t n_densities = 0;     ///< of so many test images at most, of a model with levels
  bool takes_film = false;
};

/// Samples compared with training images; of a model also its energies, long chains and log Z.
struct Evaluation {
  std::string data, test;             ///< SPECs, with what they left open filled in
  std::string features;               ///< where the features come from
  bool is_classifier = true;          ///< features are a classifier's: the distance is FD-CNN
  std::int64_t n = 0;                 ///< images of each kind
  std::vector<EvaluatedSet> samples;  ///< of a model: started from noise first
  std::vector<EvaluatedSet> anchors;  ///< images whose quality is known, by the same computation
  std::vector<OodResult> ood;
  std::vector<Detection> detections;  ///< by several scores, of the sets of `ood`
  EnergyHistograms energies;
  std::optional<LogZBounds> log_z;
  std::optional<DensityComparison> density;  ///< of dequantised test images
  std::optional<LongRun> long_run;
  std::optional<LongFd> long_fd;
  std::optional<FilmStrip> film;
  std::vector<std::string> warnings;  ///< for display

  const char* distance_name() const { return is_classifier ? "FD-CNN" : "FD"; }
};

/// Compares samples of a generator or of another program with data.
/// @param images  read_evaluation_images()
/// @throws Error(kBadData) if there are too few images for the features; what features throw
Evaluation evaluate_samples(const ImageRows& samples, const EvaluationImages& images,
                            const FeatureExtractor& features, const EvaluationOptions& options);

/// Evaluates a model of images.
/// @param ood  read_ood_sets()
/// @throws Error(kBadData) if there are too few images for the features; what features, sampling
///         and log Z throw
Evaluation evaluate_model(const models::EnergyModel& model, const EvaluationImages& images,
                          const std::vector<ImageRows>& ood, const FeatureExtractor& features,
                          const EvaluationOptions& options,
                          const ModelEvaluationOptions& model_options);

}  // namespace ebm::evaluation
