#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "evaluation/log_z_bounds.h"

namespace ebm::evaluation {

/// The estimates of log Z as those of `ebm logz`, with bits per dimension.
nlohmann::json log_z_bounds_json(const LogZBounds& bounds);
std::string log_z_bounds_text(const LogZBounds& bounds);

}  // namespace ebm::evaluation
