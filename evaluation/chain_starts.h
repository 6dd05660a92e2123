#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "nets/files/checkpoint_folder.h"
#include "samplers/kernels/langevin.h"

namespace ebm::evaluation {

struct ChainStartOptions {
  std::string init;  ///< noise, replay, data or FILE.npy
  std::string data;  ///< SPEC, for data
  std::int64_t n;
  std::uint64_t seed;
};

/// The states that chains start from, [n, shape.size()]. More chains than states in a buffer, data
/// set or file take them again from the first.
/// @param checkpoint  the files of the model's checkpoint, empty if it has none
/// @throws Error(kUsage) for other words or missing ones, Error(kShape) for states of another
/// shape,
///         and what the readers throw.
std::vector<float> chain_starts(const ChainStartOptions& start, const data::ItemShape& shape,
                                const std::optional<samplers::Box>& box,
                                const nets::CheckpointFiles& checkpoint);

/// Chains in the replay buffer of a checkpoint; 0 if it has none.
std::int64_t replay_size(const nets::CheckpointFiles& checkpoint);

}  // namespace ebm::evaluation
