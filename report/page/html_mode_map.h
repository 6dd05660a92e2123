#pragma once

#include <string>

#include "report/page/mode_map.h"

namespace ebm::report {

/// The section of a page that shows the modes of an energy: a map with a picture of each and lines
/// for what passes between them, a disconnectivity tree, and a table. Empty for an empty map.
std::string mode_map_section(const ModeMap& map);

}  // namespace ebm::report
