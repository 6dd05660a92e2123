#pragma once

#include <cstdint>
#include <memory>

#include "ebm/negatives.h"
#include "ebm/train_options.h"

namespace ebm {

/// Chains of Langevin dynamics, from a replay buffer or from noise. With classes a chain has the
/// condition that it started with, which the buffer keeps.
std::unique_ptr<Negatives> chain_negatives(const TrainOptions& options,
                                           const NegativeSetting& setting);

}  // namespace ebm
