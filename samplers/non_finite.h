#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "samplers/chain_block.h"

namespace ebm::samplers {

/// A chain that became non-finite (NaN or infinity).
struct NonFinite {
  std::uint64_t step;      ///< number of the step at which it was found
  std::uint64_t chain_id;  ///< the lowest, if there are several at that step
  std::string what;        ///< e.g. "energy_grad[3] is -inf"
};

/// The chain of lowest id whose gradient, state or energy is not finite, or nothing.
std::optional<NonFinite> find_non_finite(const ChainBlocks& chains, std::uint64_t step);

/// The same, where a box may have clamped a state that was not finite.
/// @param first_tainted  the first lane of all blocks in which a kernel found a value not finite
NonFinite first_non_finite(const ChainBlocks& chains, std::int64_t first_tainted,
                           std::uint64_t step);

/// Whether all values are finite.
bool all_finite(std::span<const float> values);

}  // namespace ebm::samplers
