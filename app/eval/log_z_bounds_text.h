#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "evaluation/log_z_bounds.h"

namespace ebm::app {

/// The estimates of log Z as those of `ebm logz`, with bits per dimension.
nlohmann::json log_z_bounds_json(const evaluation::LogZBounds& bounds);
std::string log_z_bounds_text(const evaluation::LogZBounds& bounds);

}  // namespace ebm::app
