#pragma once

#include <string>
#include <vector>

#include "samplers/diagnostics/diagnosis.h"

namespace ebm::samplers {

/// What in a diagnosis is beyond the thresholds, one line for each kind of problem: how many
/// scalars or chains have it, which one most, what it means and what to do. ESS is held to
/// min(min_ess_per_chain·n_chains, min_ess). None if all is well.
std::vector<std::string> diagnosis_warnings(const Diagnosis& diagnosis,
                                            const DiagnosisOptions& options);

}  // namespace ebm::samplers
