#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evaluation/feature_comparison.h"
#include "evaluation/film_strip.h"
#include "evaluation/image_sets.h"
#include "evaluation/log_z_bounds.h"
#include "evaluation/long_run.h"
#include "models/open_model.h"

namespace ebm::evaluation {

/// How many steps the chains make from which a model's samples are taken.
struct ModelSampleOptions {
  std::int64_t steps = 0;      ///< from the start to a sample
  std::int64_t long_run = 0;   ///< steps that chains from noise continue to; 0: they do not
  bool takes_long_fd = false;  ///< which needs a long run of 100 times the steps
  bool takes_film = false;     ///< of the chains from noise, up to the end of the long run
  std::uint64_t seed = 0;
  int n_threads = 1;
  OnProgress on_progress = nullptr;
};

/// Result of compare_model_samples().
struct ModelSamples {
  std::vector<EvaluatedSet> sets;     ///< started from noise, from data, from the replay buffer
  std::vector<float> noise_energies;  ///< E of the samples from noise
  std::optional<LongRun> long_run;
  std::optional<LongFd> long_fd;
  std::optional<FilmStrip> film;
  ReverseStarts oldest;               ///< the chains that have made the most steps
  std::vector<std::string> warnings;  ///< for display: what was left out and why
};

/// Samples of a model by its own settings (models::as_sampled), each set of them compared with
/// training images. Chains start from noise, from images.starts, and from the replay buffer of the
/// model's checkpoint if it holds enough of them.
/// @throws what walk_chains and FeatureComparison throw
ModelSamples compare_model_samples(const models::EnergyModel& model, const EvaluationImages& images,
                                   const FeatureComparison& comparison,
                                   const ModelSampleOptions& options);

}  // namespace ebm::evaluation
