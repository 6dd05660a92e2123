#pragma once

#include <nlohmann/json_fwd.hpp>

#include "app/eval/report.h"

namespace ebm::app {

/// One document: the figures of the first samples at the top, all sets below.
nlohmann::ordered_json eval_json(const EvalReport& report);

}  // namespace ebm::app
