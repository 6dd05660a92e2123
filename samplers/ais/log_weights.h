#pragma once

#include <span>

namespace ebm::samplers {

/// Summary of importance weights w_i, given as ln w_i.
struct LogWeightSummary {
  double mean_log_w;  ///< (1/n) Σ ln w_i, nats; at most log_mean_w
  double log_mean_w;  ///< ln (1/n) Σ w_i, nats
  double se;          ///< of log_mean_w by the delta method, sd(w)/(√n·mean w); NaN for n = 1
  double ess;         ///< (Σ w_i)²/Σ w_i², from 1 to n
};

/// Sums in the order given, in double precision. The standard error reflects only the weights that
/// were drawn: with an ESS of a few it is too small.
/// @param log_w  [n], n >= 1
LogWeightSummary summarize_log_weights(std::span<const double> log_w);

}  // namespace ebm::samplers
