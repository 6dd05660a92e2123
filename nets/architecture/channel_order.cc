#include "nets/architecture/channel_order.h"

#include <cstddef>
#include <numeric>

namespace ebm::nets {

std::vector<std::int32_t> same_order(const Shape& shape) {
  std::vector<std::int32_t> order(static_cast<std::size_t>(shape.size()));
  std::iota(order.begin(), order.end(), 0);
  return order;
}

std::vector<std::int32_t> from_channels_first(const Shape& shape) {
  const std::int64_t positions = shape.height * shape.width;
  std::vector<std::int32_t> order(static_cast<std::size_t>(shape.size()));
  for (std::int64_t p = 0; p < positions; ++p) {
    for (std::int64_t c = 0; c < shape.channels; ++c) {
      order[static_cast<std::size_t>(p * shape.channels + c)] =
          static_cast<std::int32_t>(c * positions + p);
    }
  }
  return order;
}

std::vector<std::int32_t> to_channels_first(const Shape& shape) {
  const std::vector<std::int32_t> order = from_channels_first(shape);
  std::vector<std::int32_t> inverse(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    inverse[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
  }
  return inverse;
}

}  // namespace ebm::nets
