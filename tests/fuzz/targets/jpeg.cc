#include "data/formats/jpeg_decoder.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_jpeg(std::string_view bytes) { data::decode_jpeg(bytes, "x.jpg"); }

}  // namespace ebm::fuzz
