#pragma once

#include <cstdint>
#include <filesystem>

#include "samplers/kernels/sampler_settings.h"

namespace ebm::evaluation {

/// Writes what adaptation found, to be used again, as JSON:
/// {"sampler", "step_size", "inverse_mass": [dim]}.
/// @throws Error(kIo)
void write_adapted(const std::filesystem::path& file, const samplers::SamplerSettings& settings);

/// Reads step size and inverse mass from such a file; the sampler, or the inner one, must be the
/// same.
/// @param dim  of the energy
/// @throws Error(kNoInput), Error(kBadData) or Error(kShape) naming the file and what is wrong,
///         Error(kUsage) if it is of another sampler
void read_adapted(const std::filesystem::path& file, std::int64_t dim,
                  samplers::SamplerSettings& settings);

}  // namespace ebm::evaluation
