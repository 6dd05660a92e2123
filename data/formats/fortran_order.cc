#include "data/formats/fortran_order.h"

namespace ebm::data {

FortranOrder::FortranOrder(const std::vector<std::int64_t>& shape) : axes_(shape.size()) {
  std::size_t stride = 1;
  for (std::size_t i = shape.size(); i-- > 0;) {
    const auto length = static_cast<std::size_t>(shape[i]);
    axes_[i] = {.length = length, .stride = stride};
    stride *= length;
  }
}

std::size_t FortranOrder::next() {
  const std::size_t place = place_;
  for (Axis& axis : axes_) {
    place_ += axis.stride;
    if (++axis.index < axis.length) break;
    place_ -= axis.length * axis.stride;
    axis.index = 0;
  }
  return place;
}

}  // namespace ebm::data
