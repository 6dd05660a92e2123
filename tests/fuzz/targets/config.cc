#include <stdexcept>
#include <string>

#include "base/error.h"
#include "tests/fuzz/targets.h"
#include "tests/training/config_settings.h"

namespace ebm::fuzz {
namespace {

using Settings = training::ConfigSettings;

/// Reads what a table writes.
void read_back(Settings& settings) {
  const std::string text = settings.table().to_toml();
  Settings again;
  try {
    again.table().read_toml(text, "config.toml");
  } catch (const Error& error) {
    throw std::logic_error(std::string("config.toml is not read back: ") + error.what());
  }
  const bool is_nan = settings.step_size != settings.step_size;
  if (is_nan ? again.table().to_toml() != text : again != settings) {
    throw std::logic_error("config.toml holds other settings: " + text);
  }
}

}  // namespace

void read_config(std::string_view bytes) {
  Settings assigned;
  bool is_assigned = false;
  try {
    assigned.table().assign(bytes);
    is_assigned = true;
  } catch (const Error&) {
    // The same bytes are read as a file.
  }
  if (is_assigned) read_back(assigned);
  Settings named{.net = std::string(bytes)};
  read_back(named);
  Settings settings;
  settings.table().read_toml(bytes, "c.toml");
  read_back(settings);
}

}  // namespace ebm::fuzz
