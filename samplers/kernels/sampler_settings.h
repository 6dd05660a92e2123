#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "samplers/box.h"
#include "samplers/kernel.h"
#include "samplers/kernels/annealed.h"

namespace ebm::samplers {

/// A kernel as a person names it: a word and numbers, those it has no use for being left alone.
struct SamplerSettings {
  std::string sampler = "langevin";
  std::string inner;  ///< of parallel-tempering (else mala) and annealed (else langevin)
  float step_size = 0.01f;
  float temperature = 1.0f;
  std::optional<float> noise_scale = std::nullopt;        ///< langevin: instead of the temperature
  std::optional<float> clamp_energy_grad = std::nullopt;  ///< langevin
  std::optional<Box> box = std::nullopt;
  /// Unset: reflect where that is exact (mala, hmc) and for underdamped, else clamp.
  std::optional<BoxRule> box_rule = std::nullopt;
  std::vector<float> inverse_mass = {};  ///< also langevin's and mala's preconditioner
  std::int64_t n_leapfrog = 10;          ///< hmc
  double jitter = 0.0;                   ///< hmc
  std::int64_t max_tree_depth = 10;      ///< nuts
  float friction = 1.0f;                 ///< underdamped
  float momentum = 0.9f;                 ///< nesterov
  std::vector<float> ladder = {1.0f, 2.0f, 4.0f, 8.0f};  ///< parallel-tempering
  AnnealedOptions schedules = {};                        ///< annealed
};

/// langevin, mala, hmc, nuts, underdamped, gradient-descent, nesterov, parallel-tempering,
/// annealed.
const std::vector<std::string>& sampler_names();

/// What the name means.
/// @throws Error(kUsage) for an unknown word, suggesting the nearest, for a number that the kernel
/// refuses,
///         and for walls that it cannot have.
std::unique_ptr<const Kernel> make_kernel(const SamplerSettings& settings);

/// The acceptance at which the sampler is best, if it has an accept step: 0.574 for mala, 0.8 for
/// hmc and nuts. Source: Roberts & Rosenthal 1998; Stan reference manual.
std::optional<double> target_acceptance(const SamplerSettings& settings);

/// A step size to start with where nothing is known but that the energy is of order one.
float default_step_size(const std::string& sampler);

}  // namespace ebm::samplers
