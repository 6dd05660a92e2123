#pragma once

#include <string>

#include "report/page/figure_table.h"

namespace ebm::report {

/// The table for a page: figures that are known have their titles, units and what is good beside
/// their keys.
std::string html_figures(const FigureTable& figures);

}  // namespace ebm::report
