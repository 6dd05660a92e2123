#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "evaluation/restoration/observation_operator.h"

namespace ebm::evaluation {

/// Images restored in one way.
struct Reconstruction {
  std::string name;
  std::vector<float> rows;  ///< [n, dim]
};

/// Result of make_baselines().
struct Baselines {
  std::vector<Reconstruction> reconstructions;
  std::vector<float> nearest;          ///< [n, n_nearest, dim], the nearest training images
  std::vector<float> total_variation;  ///< [n, dim]
};

/// What make_baselines() makes.
enum class BaselineKind {
  kAll,
  kNearest,         ///< the nearest training images alone
  kTotalVariation,  ///< total variation alone
};

/// What make_baselines() goes by.
struct BaselineOptions {
  double noise_sd = 0.0;       ///< of the observations
  std::int64_t n_nearest = 1;  ///< training images to find for each
  BaselineKind kind = BaselineKind::kAll;
  std::uint64_t seed = 0;
  int n_threads = 1;  ///< results do not depend on it
};

/// Reconstructions that need no model:
///   mean image       of the training images
///   nearest image    the training image that would look most like the observation
///   bicubic          of a downsampled image (bicubic.h)
///   total variation  (total_variation.h), its weight the best of a grid on 32 training images that
///                    were observed in the same way; exact where there is no noise
/// Values that are known without noise are as observed in all of them, and all lie in [−1, 1].
/// @param y  [n, A.output_dim()]
/// @throws what training_baselines throws
Baselines make_baselines(const ObservationOperator& observed, const std::vector<float>& y,
                         const data::Dataset& training, const BaselineOptions& options);

/// Sets what a mask shows of each image to what was observed.
/// @param y     [n, A.output_dim()]
/// @param rows  [n, dim]
void keep_observed(const ObservationOperator& observed, const std::vector<float>& y,
                   std::vector<float>& rows);

}  // namespace ebm::evaluation
