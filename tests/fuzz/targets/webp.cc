#include "data/formats/webp_decoder.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_webp(std::string_view bytes) { data::decode_webp(bytes, "x.webp"); }

}  // namespace ebm::fuzz
