#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ebm::samplers {

/// Highway's bits of the targets that this program was compiled for and this machine can run, best
/// first. The last one is plain C++, which every machine runs.
std::vector<std::int64_t> runnable_targets();

/// The name of the SIMD target that the samplers run on, e.g. "AVX3_ZEN4", "AVX2" or "SSE4".
std::string simd_target();

/// Restricts the samplers to the target named in the environment variable EBM_SIMD, if it is set,
/// and networks in bfloat16 to a unit (bf16_unit.h): one name, or one of each behind a comma, as
/// "AVX2", "F32" or "AVX3,F32". Results are reproducible per target and unit: to repeat another
/// machine's bits, force its own.
/// @throws Error(kUsage) if the machine cannot run it or the name is unknown, listing what it can.
void apply_simd_override();

}  // namespace ebm::samplers
