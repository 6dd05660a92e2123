#pragma once

#include <cstdint>
#include <span>

namespace ebm::landscape {

/// How well two partitions of the same items agree: 1 for equal ones, 0 on average for random ones
/// of the same sizes,
///   ARI = (Σ_ij C(n_ij, 2) − e) / (½·(a + b) − e),  a = Σ_i C(n_i·, 2),  b = Σ_j C(n_·j, 2),
///   e = a·b/C(n, 2).
/// 1 if both have one part only or only parts of one.
/// @throws Error(kShape) for other lengths or none.
/// Source: Hubert & Arabie 1985, "Comparing partitions", eq. 5.
double adjusted_rand_index(std::span<const std::int64_t> a, std::span<const std::int64_t> b);

}  // namespace ebm::landscape
