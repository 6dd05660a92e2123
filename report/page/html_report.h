#pragma once

#include <string>

#include "report/page/run_record.h"

namespace ebm::report {

/// One page of HTML that shows a run: final figures, curves, samples and histograms over training,
/// evaluation, configuration. It holds everything it needs and asks no network for anything, by its
/// own content security policy.
std::string html_report(const RunRecord& run);

}  // namespace ebm::report
