#pragma once

#include <cstddef>
#include <cstdint>

namespace ebm::samplers {

/// @throws Error(kUsage) unless there are steps, and as many of them as levels of noise, at least.
void require_steps_of_levels(std::int64_t n_levels, std::int64_t n_steps);

/// The level of a step, of n_levels that take equal shares of n_steps in order: ⌊n_levels·step /
/// n_steps⌋, and the last one from step n_steps on.
std::size_t level_of_step(std::int64_t step, std::int64_t n_steps, std::size_t n_levels);

}  // namespace ebm::samplers
