#pragma once

#include <string>
#include <string_view>

#include "data/formats/decoded_image.h"
#include "data/image.h"

namespace ebm::data {

/// Whether `bytes` begin as a WebP file does: RIFF, a length, WEBP.
bool looks_like_webp(std::string_view bytes);

/// Decodes a WebP, with or without loss, to RGB. Opacity is composited over `background`
/// (transparency.h). Colour profiles are not applied.
/// @param file  its name, for messages
/// @throws Error(kBadData) if it is corrupt, cut short or animated, has more than kMaxPixels
/// pixels,
///         or more than 2^21 pixels of which more than 92 are to come from each byte.
DecodedImage decode_webp(std::string_view bytes, const std::string& file,
                         const Color& background = {});

}  // namespace ebm::data
