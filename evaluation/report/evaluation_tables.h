#pragma once

#include <string>

#include "evaluation/report/evaluation_report.h"

namespace ebm::evaluation {

/// What eval_json() has as tables for people.
std::string eval_text(const EvalReport& report);

}  // namespace ebm::evaluation
