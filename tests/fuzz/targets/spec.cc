#include "data/spec.h"

#include <stdexcept>
#include <string>

#include "base/error.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_spec(std::string_view bytes) {
  const data::DataSpec spec = data::parse_spec(std::string(bytes));
  try {
    if (data::parse_spec(data::to_string(spec)) == spec) return;
  } catch (const Error& error) {
    throw std::logic_error(std::string("a SPEC is not read back: ") + error.what());
  }
  throw std::logic_error("a SPEC is another one when read back");
}

}  // namespace ebm::fuzz
