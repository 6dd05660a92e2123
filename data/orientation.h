#pragma once

#include "data/image.h"

namespace ebm::data {

/// A stored image as it is meant to be seen, by its EXIF orientation: 1 as it is, 2 mirrored left
/// to right, 3 turned by 180°, 4 mirrored top to bottom, 5 mirrored at the main diagonal, 6 turned
/// by 90° clockwise, 7 mirrored at the other diagonal, 8 turned by 90° anticlockwise. From 5 on
/// height and width change places.
/// @throws Error(kUsage) for another number
/// Source: EXIF 2.3, section 4.6.4 A, Orientation.
Image oriented(Image image, int orientation);

}  // namespace ebm::data
