#pragma once

#include <string>

#include "app/eval/report.h"

namespace ebm::app {

/// What eval_json() has as tables for people.
std::string eval_text(const EvalReport& report);

}  // namespace ebm::app
