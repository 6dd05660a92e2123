#pragma once

#include <string>

namespace ebm::samplers {

/// The name of the SIMD target that the samplers run on, e.g. "AVX3_ZEN4", "AVX2" or "SSE4".
std::string simd_target();

/// Restricts the samplers to the target named in the environment variable EBM_SIMD, if it is set.
/// Results are reproducible per target: to repeat another machine's bits, force its target.
/// @throws Error(kUsage) if the machine cannot run it or the name is unknown, listing what it can.
void apply_simd_override();

}  // namespace ebm::samplers
