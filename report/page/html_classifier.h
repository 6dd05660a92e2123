#pragma once

#include <string>

#include "report/page/classifier.h"

namespace ebm::report {

/// The section of a page that shows an energy as a classifier: its confusion matrix, whose cells
/// are the darker the larger their share of the row, a reliability diagram, and figures. Empty for
/// an empty result.
std::string classifier_section(const ClassifierResult& result);

}  // namespace ebm::report
