#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/random.h"
#include "samplers/box.h"
#include "samplers/chain_driver.h"

namespace ebm {

/// Chains that start from noise and are looked at after n_steps.
struct NoiseSampleOptions {
  std::int64_t n = 0;
  std::int64_t dim = 0;
  std::optional<samplers::Box> box = std::nullopt;  ///< starts are uniform on it, else N(0, I)
  std::optional<float> start_sd = std::nullopt;     ///< starts are N(0, sd²·I), whatever the box
  std::int64_t n_steps = 0;
  std::span<const float> context = {};  ///< [n, context_dim], empty if unconditional
  base::RandomKey key = {};             ///< stream i: noise of chain i; stream 2^63 + i: its start
  int n_threads = 1;                    ///< of the driver; the samples do not depend on it
};

/// Draws samples in pieces of a fraction of a second, as far as the network allows, so that a
/// signal does not wait. How they are cut changes no bit.
/// @param stop  looked at between the pieces
/// @return      rows [n, dim]; nothing if `stop` was set on the way
/// @throws Error(kDiverged) as the driver does
std::optional<std::vector<float>> draw_noise_samples(samplers::ChainDriver& driver,
                                                     const NoiseSampleOptions& options,
                                                     const std::atomic<int>& stop);

}  // namespace ebm
