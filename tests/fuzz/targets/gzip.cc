#include "data/formats/gzip.h"

#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_gzip(std::string_view bytes) {
  data::gunzip_prefix(bytes, "x.gz", 20);
  data::gunzip(bytes, "x.gz", 1 << 20);
}

}  // namespace ebm::fuzz
