#pragma once

#include <cstdint>

namespace ebm::samplers {

/// Makes n rounds of operations on registers alone and returns how many operations these were.
/// @param sink  written, so that they are not left out
using OperationRounds = double (*)(std::int64_t n, float* sink);

/// GFLOP/s of n_threads threads that do so side by side: the best of 40 runs of n_rounds each,
/// which should take about a millisecond.
/// @throws Error(kUsage) unless n_threads is at least 1.
double peak_gflops(OperationRounds rounds, std::int64_t n_rounds, int n_threads);

/// Peak of float32 arithmetic in GFLOP/s: fused multiply-adds on registers alone, two operations
/// each, on the SIMD target that the samplers run on. What a kernel reaches is measured against it.
/// @throws Error(kUsage) unless n_threads is at least 1.
double fma_peak_gflops(int n_threads);

}  // namespace ebm::samplers
