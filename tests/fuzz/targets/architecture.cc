#include <stdexcept>
#include <string>

#include "base/error.h"
#include "nets/files/architecture_toml.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_architecture(std::string_view bytes) {
  const nets::Architecture net =
      nets::architecture_from_toml(bytes, "net.toml", std::nullopt, nets::Outputs::kAny);
  const std::string text = nets::architecture_to_toml(net);
  try {
    if (nets::architecture_from_toml(text, "again", std::nullopt, nets::Outputs::kAny) == net) {
      return;
    }
  } catch (const Error& error) {
    throw std::logic_error(std::string("a network is not read back: ") + error.what());
  }
  throw std::logic_error("a network is another one when read back");
}

}  // namespace ebm::fuzz
