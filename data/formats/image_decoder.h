#pragma once

#include <string>
#include <string_view>

#include "data/formats/decoded_image.h"
#include "data/image.h"

namespace ebm::data {

/// Decodes a PNG, JPEG or WebP, told apart by their first bytes, upright (orientation.h).
/// @param file  its name, for messages
/// @throws Error(kBadData) if it is neither, and what the decoders throw.
DecodedImage decode_image(std::string_view bytes, const std::string& file,
                          const Color& background = {});

}  // namespace ebm::data
