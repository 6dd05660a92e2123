#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "app/inspect/modes_options.h"
#include "app/target/open_target.h"
#include "landscape/energy_map.h"

namespace ebm::app {

/// FILE.json -> FILE.png, the exemplars of the largest modes for ebm report.
std::filesystem::path strip_path(const std::string& out);

/// Writes the pictures that the command asks for, and adds them to the document.
void write_pictures(const ModesOfEnergy& command, const Target& target,
                    const landscape::EnergyMap& map, nlohmann::json& document);

}  // namespace ebm::app
