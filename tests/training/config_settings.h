#pragma once

#include <cstdint>
#include <string>

#include "base/names/choice.h"
#include "training/config_table.h"

namespace ebm::training {

enum class Colour { kRed, kBlue };
inline constexpr base::Choice<Colour> kColours[] = {{"red", Colour::kRed}, {"blue", Colour::kBlue}};

/// A setting of each type.
struct ConfigSettings {
  std::int64_t steps = 60;
  double step_size = 10.0;
  bool persistent = true;
  std::string net = "uva";
  Colour colour = Colour::kRed;

  ConfigTable table() {
    ConfigTable t;
    t.add("steps", &steps, "");
    t.add("step_size", &step_size, "");
    t.add("persistent", &persistent, "");
    t.add("net", &net, "");
    t.add("colour", &colour, kColours, "");
    return t;
  }
  bool operator==(const ConfigSettings&) const = default;
};

}  // namespace ebm::training
