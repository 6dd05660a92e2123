#pragma once

#include <string>
#include <string_view>

#include "data/formats/decoded_image.h"

namespace ebm::data {

/// Decodes a JPEG: grey stays grey; YCbCr and RGB become RGB; CMYK and YCCK become RGB by
/// value·(255 − K)/255 of each complement, with the values inverted first where an Adobe marker
/// says that they are stored so. Slow integer DCT. Colour profiles are not applied. Surplus bytes
/// in front of a marker, a missing end marker and other faults that leave all pixels as they are
/// are a warning.
/// @param file  its name, for messages
/// @throws Error(kBadData) if it is corrupt or cut short, where libjpeg would go on with grey
///         pixels after a warning; has more than kMaxPixels pixels; has more than 2^21 pixels of
///         which more than 112 (grey: 336) are to come from each byte; or has more than 500 scans,
///         or more than 2^30 pixels in all its scans, which take too long.
DecodedImage decode_jpeg(std::string_view bytes, const std::string& file);

}  // namespace ebm::data
