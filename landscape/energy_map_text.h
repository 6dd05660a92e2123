#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "landscape/energy_map.h"

namespace ebm::landscape {

/// The keys of `ebm modes --json` that describe the map.
nlohmann::json map_json(const EnergyMap& map);
/// The same as tables.
std::string map_text(const EnergyMap& map);

}  // namespace ebm::landscape
