#pragma once

#include <nlohmann/json_fwd.hpp>

#include "evaluation/report/evaluation_report.h"

namespace ebm::evaluation {

/// One document: the figures of the first samples at the top, all sets below.
nlohmann::ordered_json eval_json(const EvalReport& report);

}  // namespace ebm::evaluation
