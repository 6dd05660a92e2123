#pragma once

#include <cstdint>
#include <memory>

#include "ebm/negatives.h"
#include "ebm/train_options.h"

namespace ebm {

/// Chains of Langevin dynamics, from a replay buffer or from noise.
/// @param dim   of an item
std::unique_ptr<Negatives> chain_negatives(const TrainOptions& options,
                                           const ChainDynamics& dynamics, const Needs& needs,
                                           std::int64_t dim);

}  // namespace ebm
