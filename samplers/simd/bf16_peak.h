#pragma once

namespace ebm::samplers {

/// Peak of products of bfloat16 in GFLOP/s on the unit of now (bf16_unit()), as fma_peak_gflops()
/// is measured: vdpbf16ps on registers, or tdpbf16ps on tiles, a product and its sum being two
/// operations. On F32 it is the FMA peak.
/// @throws Error(kUsage) unless n_threads is at least 1.
double bf16_peak_gflops(int n_threads);

}  // namespace ebm::samplers
