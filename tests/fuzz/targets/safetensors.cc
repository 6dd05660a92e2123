#include "nets/files/safetensors.h"

#include <stdexcept>

#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_safetensors(std::string_view bytes) {
  const nets::SafetensorsFile file = nets::parse_safetensors(bytes, "x");
  if (nets::parse_safetensors(nets::safetensors_bytes(file), "again") != file) {
    throw std::logic_error("a file is another one when read back");
  }
}

}  // namespace ebm::fuzz
