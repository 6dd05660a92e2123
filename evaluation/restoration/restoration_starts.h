#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/names/choice.h"
#include "data/dataset.h"
#include "evaluation/restoration/baselines.h"
#include "evaluation/restoration/observation_operator.h"
#include "samplers/box.h"

namespace ebm::evaluation {

/// Where the chains of a restoration start.
enum class RestorationStart {
  kObservation,     ///< noise moved to what was observed: the nearest state with A x = y
  kNoise,           ///< U(−1, 1), or the box of the sampler; N(0, I) without one
  kNearest,         ///< the training images that are nearest to the observation, each chain its own
  kTotalVariation,  ///< the reconstruction by total variation
};

inline constexpr base::Choice<RestorationStart> kRestorationStarts[] = {
    {"observation", RestorationStart::kObservation},
    {"noise", RestorationStart::kNoise},
    {"nearest", RestorationStart::kNearest},
    {"total-variation", RestorationStart::kTotalVariation}};

/// Whether the start takes training images.
bool takes_training_images(RestorationStart start);

/// Which of the baselines are made: all if they are wanted, else what the start takes, if
/// anything.
std::optional<BaselineKind> baselines_to_make(RestorationStart start, bool are_wanted);

struct RestorationStartOptions {
  RestorationStart kind = RestorationStart::kObservation;
  std::int64_t n = 8;  ///< chains of each image
  data::ItemShape shape;
  std::optional<samplers::Box> box = {};  ///< of the sampler; all starts lie in it
  std::optional<float> noise_sd = {};  ///< of kNoise: draws of N(0, sd²·I), whatever the box is
  std::uint64_t seed = 0;
  int n_threads = 1;
};

/// @param y          [n_images, A.output_dim()]
/// @param baselines  of the same observations, made for as many nearest images as chains; used by
///                   the starts that take_training_images()
/// @return           [n_images, n, dim]
std::vector<float> restoration_starts(const ObservationOperator& observed,
                                      const std::vector<float>& y, const Baselines& baselines,
                                      const RestorationStartOptions& options);

/// The mean of the starts as a reconstruction of its own: what chains have before the model moved
/// them. What is known without noise is as observed.
/// @param starts    [n_images, n, dim]
/// @param noise_sd  of the observations
Reconstruction mean_of_starts(const ObservationOperator& observed, const std::vector<float>& y,
                              const std::vector<float>& starts, std::int64_t n, double noise_sd);

}  // namespace ebm::evaluation
