#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "evaluation/restoration/observation_operator.h"
#include "evaluation/walk.h"
#include "models/open_model.h"

namespace ebm::evaluation {

/// Below, observations are as good as exact in float32.
inline constexpr double kMinNoise = 1e-6;

struct RestorationOptions {
  std::int64_t n = 8;     ///< samples of each image, a chain each
  double noise_sd = 0.1;  ///< σ; 0 for a mask: what it shows is held
  double strength = 1.0;  ///< of the observation against the model
  WalkOptions walk = {};  ///< of each chain; its n and context are set by restore()

  /// @throws Error(kUsage) naming the option, its value and what would be right
  void validate(const ObservationOperator& observed) const;
  /// @throws Error(kUsage) if chains for so many images would not fit in memory
  void require_memory(const ObservationOperator& observed, std::int64_t n_images) const;
};

/// Result of restore().
struct Restoration {
  std::int64_t n_images = 0, n = 0;
  std::vector<float> samples;  ///< [n_images, n, dim]
  std::vector<float> mean;     ///< [n_images, dim], of the samples
  std::vector<float> spread;   ///< [n_images, dim], their standard deviation (n − 1); 0 for n = 1
  /// [n_images, dim], the mean of the posterior by a formula; of denoise() (denoising.h) alone
  std::vector<float> denoised = {};
  double weight = 0.0;  ///< of ‖A x − y‖²/(2σ²) beside E(x); 0 where entries are held
  Walk walk;            ///< its rows moved to samples
};

/// Posterior samples of images of which y = A x + σξ was observed: n chains for each walk on
///   E(x) + strength·T·‖A x − y‖²/(2σ²),
/// so that with strength 1 they sample exp(−E(x)/T)·p(y | x), T the temperature of the sampler (of
/// Langevin noise_scale²/(2·step_size)). Where σ = 0, the observed entries of a mask are held and
/// the chains walk on the others.
/// A sampler that goes through levels of noise restores images with noise by denoise()
/// (denoising.h), without starts.
/// @param y         [n_images, A.output_dim()]
/// @param starts    [n_images, n, dim]
/// @param settings  as of walk_chains
/// @throws Error(kUsage) as validate(); what walk_chains throws
Restoration restore(const models::EnergyModel& model, const ObservationOperator& observed,
                    const std::vector<float>& y, const std::vector<float>& starts,
                    const RestorationOptions& options, samplers::SamplerSettings& settings);

/// Values of a state that chains walk on: all, or those that are not held.
std::int64_t walked_dim(const ObservationOperator& observed, const RestorationOptions& options);

/// @param samples  [n_images, n, dim]
/// @return         [n_images, dim]
std::vector<float> mean_of_samples(const std::vector<float>& samples, std::int64_t n,
                                   std::int64_t dim);

/// step_size·weight·‖A‖²/σ², by which a step of Langevin, MALA or a descent moves towards the
/// observation: beyond 2 it oscillates. 0 for other samplers, and where entries are held.
double observation_pull(const ObservationOperator& observed, const RestorationOptions& options,
                        const samplers::SamplerSettings& settings);

/// A line where steps are too long for the observation; none else.
std::vector<std::string> restoration_warnings(const ObservationOperator& observed,
                                              const RestorationOptions& options,
                                              const samplers::SamplerSettings& settings);

}  // namespace ebm::evaluation
