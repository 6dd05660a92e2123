#include "data/item_shape.h"

#include "base/error.h"

namespace ebm::data {

std::string shape_text(const ItemShape& shape) {
  return std::to_string(shape.channels) + "x" + std::to_string(shape.height) + "x" +
         std::to_string(shape.width);
}

void require_shape(const ItemShape& items, const std::string& name, const ItemShape& of_model,
                   const std::string& taker) {
  if (items == of_model) return;
  throw Error(ErrorCode::kShape, name + " has items of shape " + shape_text(items) + "; " + taker +
                                     " " + shape_text(of_model));
}

}  // namespace ebm::data
