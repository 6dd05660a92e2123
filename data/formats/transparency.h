#pragma once

#include <cstdint>
#include <vector>

#include "data/formats/decoded_image.h"
#include "data/image.h"

namespace ebm::data {

/// Pixels with opacity over a background: (value·alpha + background·(255 − alpha))/255, rounded.
/// Grey pixels become colour if one of them shows a background that is not grey.
/// @param pixels  [height, width, channels + 1], opacity last
/// @param shape   of the pixels without opacity: 1 or 3 channels
DecodedImage over_background(const std::vector<std::uint8_t>& pixels, const ItemShape& shape,
                             const Color& background);

}  // namespace ebm::data
