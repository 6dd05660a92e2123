#pragma once

#include <cstdint>
#include <vector>

namespace ebm::landscape {

/// Renumbers states from 0 by first occurrence, so that each number occurs.
/// @param states  from 0 to any number; memory grows with the largest
/// @return how many there are
std::int64_t renumber(std::vector<std::int64_t>& states);

}  // namespace ebm::landscape
