#pragma once

#include <cstdint>

#include "data/image.h"

namespace ebm::data {

/// Crops the central square, of the shorter side s (an odd pixel is cut from the bottom or right),
/// and scales it to size x size, each axis by itself, in float32, rounded to nearest at the end:
///   size < s  area average: output i is the mean of the input over [i·s/size, (i+1)·s/size),
///             pixels that are only partly inside counting by their part;
///   size > s  bilinear: output i is read at (i + 1/2)·s/size − 1/2 between its two neighbours, and
///             the edge pixel continues beyond the edge;
///   size = s  the square as it is.
Image crop_and_resize(const Image& image, std::int64_t size);

}  // namespace ebm::data
