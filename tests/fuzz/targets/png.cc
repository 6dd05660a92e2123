#include "data/formats/png_decoder.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_png(std::string_view bytes) { data::decode_png(bytes, "x.png"); }

}  // namespace ebm::fuzz
