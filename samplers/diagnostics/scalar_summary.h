#pragma once

#include <optional>
#include <string>

#include "samplers/diagnostics/draws.h"

namespace ebm::samplers {

/// Summary of the draws of one scalar, with diagnostics that say how far to trust it. Values that
/// cannot be computed are NaN: see state.
struct ScalarSummary {
  std::string name;
  DrawsState state = DrawsState::kDiagnosable;
  double mean = 0.0;
  double mcse_mean = 0.0;  ///< standard error of the mean
  double sd = 0.0;
  double q5 = 0.0;
  double q50 = 0.0;
  double q95 = 0.0;
  double ess_bulk = 0.0;
  double ess_tail = 0.0;
  std::optional<double> ess_bulk_per_s = std::nullopt;  ///< empty if the time is unknown
  double rhat = 0.0;                                    ///< rank-normalised, of split chains
  double lag1 = 0.0;                                    ///< autocorrelation of neighbouring draws
};

/// Every diagnostic of one scalar; what they have in common is computed once. O(S·log S) for S
/// draws.
/// @param seconds  that the draws took, if known
ScalarSummary summarize(std::string name, const DrawsView& draws,
                        std::optional<double> seconds = std::nullopt);

}  // namespace ebm::samplers
