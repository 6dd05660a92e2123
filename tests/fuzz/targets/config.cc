#include <stdexcept>
#include <string>

#include "base/error.h"
#include "tests/fuzz/targets.h"
#include "training/config_table.h"

namespace ebm::fuzz {
namespace {

enum class Colour { kRed, kBlue };
constexpr base::Choice<Colour> kColours[] = {{"red", Colour::kRed}, {"blue", Colour::kBlue}};

struct Settings {
  std::int64_t steps = 60;
  double step_size = 10.0;
  bool persistent = true;
  std::string net = "uva";
  Colour colour = Colour::kRed;

  training::ConfigTable table() {
    training::ConfigTable t;
    t.add("steps", &steps, "");
    t.add("step_size", &step_size, "");
    t.add("persistent", &persistent, "");
    t.add("net", &net, "");
    t.add("colour", &colour, kColours, "");
    return t;
  }
  bool operator==(const Settings&) const = default;
};

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
  try {
    assigned.table().assign(bytes);
  } catch (const Error&) {
    // The same bytes are read as a file.
  }
  read_back(assigned);
  Settings named{.net = std::string(bytes)};
  read_back(named);
  Settings settings;
  settings.table().read_toml(bytes, "c.toml");
  read_back(settings);
}

}  // namespace ebm::fuzz
