#include "data/formats/image_decoder.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

/// Turned as EXIF says.
void read_jpeg(std::string_view bytes) { data::decode_image(bytes, "x.jpg"); }

}  // namespace ebm::fuzz
