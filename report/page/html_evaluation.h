#pragma once

#include <string>

#include "report/page/evaluation.h"

namespace ebm::report {

/// The sections of a run's page that show its evaluation, as far as there is one: the tables, the
/// pictures and figures of a long run, and the places of the charts that the script draws.
std::string evaluation_sections(const Evaluation& evaluation);

}  // namespace ebm::report
