#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ebm {

/// The pairing of two sets of as many rows that makes Σ_i ‖from_i − to_{π(i)}‖² least: exact
/// optimal transport between two batches. Time grows faster than n².
/// @param from  [n, dim], to [n, dim]
/// @return π, [n]
/// @throws Error(kShape) if the sets differ in size.
/// Source: Tong et al. 2023, "Improving and generalizing flow-based generative models with
/// minibatch optimal transport".
std::vector<std::int64_t> transport_pairs(std::span<const float> from, std::span<const float> to,
                                          std::int64_t dim);

}  // namespace ebm
