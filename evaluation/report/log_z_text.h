#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "evaluation/log_z_run.h"

namespace ebm::evaluation {

/// {"n", "log_z", "se", "mean_log_w", "ess", "acceptance", "bound"} of the forward run, "reverse"
/// with the same names and "gap", both null without a reverse run.
nlohmann::json log_z_json(const LogZEstimates& estimates);

/// The same as lines for people, with explanations of the bounds.
std::string log_z_text(const LogZEstimates& estimates);

}  // namespace ebm::evaluation
