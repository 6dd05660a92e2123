#pragma once

#include <string>
#include <string_view>

#include "data/image.h"

namespace ebm::data {

/// Decodes a JPEG: grey stays grey; YCbCr and RGB become RGB; CMYK and YCCK become RGB by
/// value·(255 − K)/255 of each complement, with the values inverted first where an Adobe marker
/// says that they are stored so. Slow integer DCT. Orientation (EXIF) and colour profiles are not
/// applied.
/// @param file  its name, for messages
/// @throws Error(kBadData) if it is corrupt or cut short, where libjpeg would go on with grey
///         pixels after a warning; or has more than kMaxPixels pixels.
Image decode_jpeg(std::string_view bytes, const std::string& file);

}  // namespace ebm::data
