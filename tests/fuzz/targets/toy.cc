#include <string>

#include "base/error.h"
#include "models/expression/expression.h"
#include "models/toys/toy_energy.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_toy(std::string_view bytes) {
  if (bytes.find('/') != std::string_view::npos) return;  // the name of a file elsewhere
  try {
    models::parse_expression("model", std::string(bytes));
  } catch (const Error&) {
  }
  models::toy_energy("toy:" + std::string(bytes));
}

}  // namespace ebm::fuzz
