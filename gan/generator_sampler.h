#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "torch_nets/torch_net.h"

namespace ebm::gan {

/// A copy of a generator whose batch norms keep the mean and variance, channel by channel, of 16
/// batches of 32 latents z ~ N(0, I) ("standing statistics"): averages that are made while weights
/// move, or of other weights than those averaged, fit neither.
/// @param seed  of the latents
/// Source: Brock, Donahue, Simonyan 2019, appendix C.1.
std::shared_ptr<const torch_nets::TorchNet> with_standing_statistics(
    const torch_nets::TorchNet& generator, std::uint64_t seed, int n_threads);

/// Items [n, size of an item] of latents [n, latent_dim], each alone: batch norms go by what they
/// keep. In pieces, so that a signal does not wait.
/// @param stop  looked at between the pieces
/// @return      nothing if `stop` was set on the way
std::optional<std::vector<float>> generate(const torch_nets::TorchNet& generator,
                                           std::span<const float> latents, int n_threads,
                                           const std::atomic<int>& stop);

}  // namespace ebm::gan
