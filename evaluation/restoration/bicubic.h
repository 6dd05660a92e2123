#pragma once

#include <cstdint>
#include <vector>

#include "data/dataset.h"

namespace ebm::evaluation {

/// Images `factor` times as high and wide: pixel i is read at (i + ½)/factor − ½ by cubic
/// convolution with a = −½, each axis by itself; edge pixels continue beyond the edge. Values may
/// leave the range of the small image.
/// @param rows   [n, shape.size()]
/// @param shape  of the small images
/// @return       [n, channels·factor·height·factor·width]
/// Source: Keys 1981, eq. 15.
std::vector<float> bicubic_images(const std::vector<float>& rows, const data::ItemShape& shape,
                                  std::int64_t factor);

}  // namespace ebm::evaluation
