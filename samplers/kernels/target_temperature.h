#pragma once

#include "samplers/kernels/sampler_settings.h"

namespace ebm::samplers {

/// T of exp(−E/T), from which the sampler draws: of Langevin with a noise scale of its own that of
/// its noise, of an annealed one that of its last step, else SamplerSettings::temperature (of
/// parallel tempering, that of its coldest replica).
float target_temperature(const SamplerSettings& settings);

}  // namespace ebm::samplers
