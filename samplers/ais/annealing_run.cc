#include "samplers/ais/annealing_run.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/number_text.h"
#include "samplers/ais/log_weights.h"

namespace ebm::samplers {

LogZEstimate log_z_estimate(std::vector<double> log_w, std::int64_t n_chains, bool is_forward,
                            double log_z_base, double acceptance) {
  log_w.resize(static_cast<std::size_t>(n_chains));
  const LogWeightSummary weights = summarize_log_weights(log_w);
  return {.n_chains = n_chains,
          .log_z = is_forward ? log_z_base + weights.log_mean_w : log_z_base - weights.log_mean_w,
          .se = weights.se,
          .mean_log_w = weights.mean_log_w,
          .ess = weights.ess,
          .acceptance = acceptance,
          .log_w = std::move(log_w)};
}

bool run_in_pieces(std::int64_t n_moves, const AnnealingObserver& observer,
                   const std::function<void(std::int64_t begin, std::int64_t end)>& work) {
  std::int64_t piece = observer ? 1 : n_moves;
  const auto start = std::chrono::steady_clock::now();
  for (std::int64_t begin = 0; begin < n_moves;) {
    const std::int64_t end = std::min(begin + piece, n_moves);
    work(begin, end);
    begin = end;
    if (observer && !observer(static_cast<double>(end) / static_cast<double>(n_moves))) {
      return false;
    }
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    piece = static_cast<std::int64_t>(
        std::clamp(0.5 * static_cast<double>(end) / seconds, 1.0, static_cast<double>(n_moves)));
  }
  return true;
}

void require_target_rows(std::span<const float> rows, std::int64_t dim,
                         const std::optional<Box>& box) {
  const auto width = static_cast<std::size_t>(dim);
  if (rows.empty() || rows.size() % width != 0) {
    throw Error(ErrorCode::kShape, "the samples of the target have " + std::to_string(rows.size()) +
                                       " values; expected rows of " + std::to_string(dim));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const float x = rows[i];
    if (box ? x >= box->low && x <= box->high : std::isfinite(x)) continue;
    const std::string right =
        box ? "values from " + base::number_text(box->low) + " to " + base::number_text(box->high)
            : "finite numbers";
    throw Error(ErrorCode::kBadData, "the samples of the target hold " + base::number_text(x) +
                                         " in row " + std::to_string(i / width) + "; expected " +
                                         right);
  }
}

}  // namespace ebm::samplers
