#include "data/formats/gzip.h"

#include <array>

#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_gzip(std::string_view bytes) {
  std::array<std::uint8_t, 1000> piece{};
  data::GzipReader reader(bytes, "x.gz");
  for (int i = 0; i < 1000 && reader.read(piece) == piece.size(); ++i) continue;
}

}  // namespace ebm::fuzz
