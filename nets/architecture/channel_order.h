#pragma once

#include <cstdint>
#include <vector>

#include "nets/architecture/layer.h"

namespace ebm::nets {

/// 0, 1, 2, ...: the order that changes nothing, of the values of a map.
std::vector<std::int32_t> same_order(const Shape& shape);

/// order[i] is the place in [channels][height][width] of place i in [height][width][channels].
std::vector<std::int32_t> from_channels_first(const Shape& shape);

/// The way back: order[i] is the place in [height][width][channels] of place i in
/// [channels][height][width].
std::vector<std::int32_t> to_channels_first(const Shape& shape);

/// Whether both orders are one.
inline bool has_one_order(const Shape& shape) {
  return shape.channels == 1 || shape.height * shape.width == 1;
}

}  // namespace ebm::nets
