#pragma once

#include <cstdint>

#include "evaluation/walk.h"
#include "samplers/kernels/sampler_settings.h"

namespace ebm::evaluation {

/// Refuses a walk that would not fit in memory before it begins. Each chain has its start, its
/// state with gradient and momentum, and its row at the end, 8·dim + r·(12·dim + 24) bytes with r
/// replicas; draws that are kept, for a diagnosis or a NetCDF trace, may be 2^30 numbers.
/// @param dim  of the energy
/// @throws Error(kUsage) naming n, diagnose or trace
void require_memory_of_walk(const WalkOptions& options, std::int64_t dim,
                            const samplers::SamplerSettings& settings);

}  // namespace ebm::evaluation
