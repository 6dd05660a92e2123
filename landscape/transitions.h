#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "landscape/flow_network.h"

namespace ebm::landscape {

/// How chains moved between states: C_ij counts the frames at which a chain was in state i and a
/// frame later in j, S = (C + Cᵀ)/2. The links of the walk with flows S_ij/ΣS: a link between i and
/// j has the weight S_ij, a loop S_ii.
/// A reversible sampler has C = Cᵀ but for noise, which the mean of both halves.
/// @param states    [n_frames, n_chains], from 0
/// @throws Error(kShape) unless the states are whole frames, two at least.
/// Source: Prinz et al. 2011, "Markov models of molecular kinetics", section IV.
std::vector<Link> transition_links(std::span<const std::int64_t> states, std::int64_t n_chains);

/// In how many of the steps from frame to frame a chain went to another module.
/// @param modules  of each state
std::int64_t n_crossings(std::span<const std::int64_t> states, std::int64_t n_chains,
                         std::span<const std::int64_t> modules);

}  // namespace ebm::landscape
