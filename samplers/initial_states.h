#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/random.h"
#include "samplers/box.h"

namespace ebm::samplers {

/// Draws starts for chains first_chain_id, ...: uniform on the box if there is one, else N(0, I);
/// with `sd`, N(0, sd²·I) whether there is a box or not.
/// Word d of the stream of a chain's id makes coordinate d (2d and 2d + 1 for normals), so that a
/// chain's start does not depend on how many there are.
/// @param rows  [n, dim], written
void draw_initial_states(const base::RandomKey& key, std::uint64_t first_chain_id, std::int64_t dim,
                         const std::optional<Box>& box, std::span<float> rows,
                         std::optional<float> sd = std::nullopt);

}  // namespace ebm::samplers
