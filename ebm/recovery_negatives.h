#pragma once

#include <cstdint>
#include <memory>

#include "ebm/negatives.h"
#include "ebm/noise_levels.h"
#include "ebm/train_options.h"

namespace ebm {

/// The levels of data with noise that recovery likelihood trains E(x, σ) at, below the highest, and
/// how it draws from one level to the next.
struct RecoveryLevels {
  explicit RecoveryLevels(const TrainOptions& options);
  LevelRange range;          ///< up to the level below noise_sd_max
  double ratio = 1.0;        ///< r, of a level to the next lower one
  std::int64_t n_steps = 0;  ///< K, at each level
};

/// Chains of samplers::ConditionalLangevin, new ones in each iteration: K steps at the level σ of
/// each positive y of NoisyBatch, from x̃ = y + σ·√(r² − 1)·z and given x̃. Batch::negatives are
/// where they end.
std::unique_ptr<Negatives> recovery_negatives(const TrainOptions& options);

}  // namespace ebm
