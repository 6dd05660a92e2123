#pragma once

#include <string>

#include "data/image.h"

namespace ebm::data {

/// What a decoder finds in a file.
struct DecodedImage {
  Image image;                    ///< as stored
  int orientation = 1;            ///< how to turn it, as EXIF numbers it (exif.h)
  bool has_transparency = false;  ///< some pixel is not opaque and shows the background
  /// What is wrong with the file and does not touch the pixels; empty if nothing is.
  std::string warning = {};
};

}  // namespace ebm::data
