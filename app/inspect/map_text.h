#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "landscape/energy_map.h"

namespace ebm::app {

/// The keys of `ebm modes --json` that describe the map.
nlohmann::json map_json(const landscape::EnergyMap& map);
/// The same as tables for people.
std::string map_text(const landscape::EnergyMap& map);

}  // namespace ebm::app
