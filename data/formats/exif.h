#pragma once

#include <string_view>

namespace ebm::data {

/// How a picture has to be turned to be upright, 1 to 8, as tag 0x0112 of the first directory says;
/// 1, as it is, if there is no such tag or `tiff` is no EXIF data. Reads no byte outside `tiff`
/// whatever it holds.
/// @param tiff  EXIF data from their byte order mark (II or MM) on
/// Source: EXIF 2.3, section 4.6; TIFF 6.0, section 2.
int exif_orientation(std::string_view tiff);

}  // namespace ebm::data
