#pragma once

#include <cstdint>

namespace ebm::samplers {

/// Chains whose states are interleaved: one AVX-512 register, two AVX2, four SSE or NEON ones.
inline constexpr std::int64_t kLanes = 16;

}  // namespace ebm::samplers
