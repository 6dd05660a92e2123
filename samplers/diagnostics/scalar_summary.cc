#include "samplers/diagnostics/scalar_summary.h"

#include <array>
#include <cmath>
#include <utility>

#include "samplers/diagnostics/autocorrelation.h"
#include "samplers/diagnostics/effective_sample_size.h"
#include "samplers/diagnostics/quantile.h"
#include "samplers/diagnostics/rank_normalize.h"
#include "samplers/diagnostics/rhat.h"
#include "samplers/diagnostics/spread.h"

namespace ebm::samplers {

ScalarSummary summarize(std::string name, const DrawsView& draws, std::optional<double> seconds) {
  const Moments all = moments(draws.values());
  const auto q = quantiles(draws, std::array{0.05, 0.5, 0.95});
  ScalarSummary row{.name = std::move(name),
                    .state = state_of(draws),
                    .mean = all.mean,
                    .mcse_mean = kUndefined,
                    .sd = std::sqrt(all.variance),
                    .q5 = q[0],
                    .q50 = q[1],
                    .q95 = q[2],
                    .ess_bulk = kUndefined,
                    .ess_tail = kUndefined,
                    .ess_bulk_per_s = std::nullopt,
                    .rhat = kUndefined,
                    .lag1 = kUndefined};
  if (row.state == DrawsState::kDiagnosable) {
    const Draws halves = split_halves(draws);
    const Draws scores = rank_normalize(halves.view());
    row.mcse_mean = row.sd / std::sqrt(effective_sample_size(halves.view()));
    row.ess_bulk = effective_sample_size(scores.view());
    row.ess_tail = ess_tail(halves.view(), row.q5, row.q95);
    row.rhat = rank_normalized_rhat(halves.view(), scores.view());
    row.lag1 = lag1_autocorrelation(draws);
  }
  if (seconds) row.ess_bulk_per_s = row.ess_bulk / *seconds;
  return row;
}

}  // namespace ebm::samplers
