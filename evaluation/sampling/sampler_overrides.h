#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "samplers/kernels/sampler_settings.h"

namespace ebm::evaluation {

/// What replaces the sampler settings of a model, as text and numbers that a person gives; what is
/// empty stays as the model has it.
struct SamplerOverrides {
  std::optional<std::string> sampler = {};
  std::string inner = {};  ///< the sampler inside of parallel-tempering or annealed
  std::optional<double> step_size = {};
  std::optional<double> noise_scale = {};
  std::optional<double> clamp_energy_grad = {};  ///< 0: none
  std::optional<double> temperature = {};
  std::optional<std::vector<double>> box = {};  ///< low, high
  std::string box_rule = {};
  std::optional<std::int64_t> leapfrog = {};
  std::optional<double> jitter = {};
  std::optional<std::int64_t> max_tree_depth = {};
  std::optional<double> friction = {};
  std::optional<double> momentum = {};
  std::optional<double> flow_time = {};
  std::optional<double> level_max = {}, level_min = {};
  std::optional<std::int64_t> levels = {};
  std::vector<double> ladder = {};            ///< of temperatures, in units of T
  std::optional<std::int64_t> replicas = {};  ///< of a geometric ladder up to max_temperature
  std::optional<double> max_temperature = {};
  std::string temperature_schedule = {};
  std::string step_schedule = {};
  std::string adapted = {};  ///< file of write_adapted(), for step size and inverse mass
};

/// The sampler that is given, if one is. @throws Error(kUsage) for an unknown name
std::optional<samplers::SamplerKind> given_sampler(const SamplerOverrides& overrides);

/// Applies what is given to the settings. Another sampler than the model's brings its own step
/// size; a step size alone keeps the temperature, not the noise.
/// @param dim      of the energy
/// @param n_steps  of the schedules
/// @throws Error(kUsage) naming an option, also one that the sampler ignores; what read_adapted
///         throws
void apply_overrides(const SamplerOverrides& overrides, std::int64_t dim, std::int64_t n_steps,
                     samplers::SamplerSettings& settings);

}  // namespace ebm::evaluation
