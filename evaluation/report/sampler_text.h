#pragma once

#include <string>

#include "samplers/kernels/sampler_settings.h"

namespace ebm::evaluation {

/// The settings of the sampler, for people.
std::string settings_text(const samplers::SamplerSettings& settings);

bool is_langevin(const samplers::SamplerSettings& settings);

/// Of Langevin steps: as set, or that of the temperature.
float noise_scale_of(const samplers::SamplerSettings& settings);

}  // namespace ebm::evaluation
