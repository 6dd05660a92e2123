#pragma once

#include <cstdint>

#include "app/sample/sampler_options.h"
#include "samplers/kernels/sampler_settings.h"

namespace ebm::app {

/// Applies the options to the settings. A step size alone keeps the temperature, not the noise.
/// @param dim      of the energy
/// @param n_steps  of the schedules
/// @throws Error(kUsage) naming an option, also one that the sampler ignores; what read_adapted
///         throws
void apply_sampler_options(const SamplerOptions& options, std::int64_t dim, std::int64_t n_steps,
                           samplers::SamplerSettings& settings);

}  // namespace ebm::app
