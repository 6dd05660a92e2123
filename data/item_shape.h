#pragma once

#include <string>

#include "data/dataset.h"

namespace ebm::data {

/// "1x28x28": channels, height, width.
std::string shape_text(const ItemShape& shape);

/// @param name  of the items, for the message
/// @throws Error(kShape) naming both shapes unless the items have the shape that the model takes.
void require_shape(const ItemShape& items, const std::string& name, const ItemShape& of_model,
                   const std::string& taker = "the model takes");

}  // namespace ebm::data
