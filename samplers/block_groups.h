#pragma once

#include <cstdint>
#include <functional>

#include "samplers/chain_block.h"
#include "samplers/energy.h"

namespace ebm::samplers {

/// The work of one thread on consecutive blocks of chains.
/// @param first_block  number of the first of `blocks` in the store
/// @param evaluator    the thread's own, made by the energy for as many blocks
using GroupWork =
    std::function<void(std::int64_t first_block, const ChainBlocks& blocks, Evaluator& evaluator)>;

/// Calls work for every group of blocks, the threads side by side, denormals flushed. A group has
/// as many blocks as the energy prefers, or as fit in a first-level cache; which thread takes it
/// is not determined, so the work must not depend on it.
/// @throws Error(kShape) if the energy and the chains differ in dim, before any work; else the
///         exception of the lowest group that threw, after all of them.
void for_each_group(const Energy& energy, ChainStore& chains, int n_threads, const GroupWork& work);

}  // namespace ebm::samplers
