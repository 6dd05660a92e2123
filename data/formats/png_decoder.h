#pragma once

#include <string>
#include <string_view>

#include "data/formats/decoded_image.h"
#include "data/image.h"

namespace ebm::data {

/// Decodes a PNG to 8-bit grey or RGB. 1, 2 and 4 bits are spread over 0..255, 16 bits are scaled
/// with rounding, a palette becomes RGB. Opacity (an alpha channel, or tRNS) is composited over
/// `background` (transparency.h). Gamma and colour profiles are not applied. A wrong checksum of a
/// chunk that does not touch the pixels, data behind them, and a missing end are a warning.
/// @param file  its name, for messages
/// @throws Error(kBadData) if it is corrupt or cut short anywhere, a palette index has no entry, it
///         has more than kMaxPixels pixels, or more than its bytes can hold.
DecodedImage decode_png(std::string_view bytes, const std::string& file,
                        const Color& background = {});

}  // namespace ebm::data
