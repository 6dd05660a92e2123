#pragma once

namespace ebm::samplers {

/// Peak of float32 arithmetic in GFLOP/s: fused multiply-adds on registers alone, two operations
/// each, on the SIMD target that the samplers run on. n_threads threads work side by side; the
/// best of 40 runs of about a millisecond. What a kernel reaches is measured against it.
/// @throws Error(kUsage) unless n_threads is at least 1.
double fma_peak_gflops(int n_threads);

}  // namespace ebm::samplers
