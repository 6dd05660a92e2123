#include "evaluation/report/log_z_text.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/printed.h"

namespace ebm::evaluation {
namespace {

using base::printed;
using samplers::LogZEstimate;

constexpr const char* kForwardBound =
    "stochastic lower bound: above log Z by more than b nats with a chance of at most exp(-b); a "
    "log-likelihood from it is an over-estimate";
constexpr const char* kReverseBound =
    "stochastic upper bound only if the samples are exact draws of the target, else approximate; "
    "from one of several modes it can fall below log Z";

nlohmann::json estimate_json(const LogZEstimate& estimate) {
  return {{"n", estimate.n_chains}, {"log_z", estimate.log_z},
          {"se", estimate.se},      {"mean_log_w", estimate.mean_log_w},
          {"ess", estimate.ess},    {"acceptance", estimate.acceptance}};
}

std::string estimate_text(const char* name, const LogZEstimate& estimate) {
  // One chain has no spread, and that of a few effective ones says nothing of the error.
  std::string error;
  if (estimate.ess < kMinEss) {
    error = " (error unknown)";
  } else if (std::isfinite(estimate.se)) {
    error = printed(" +- %.4f", estimate.se);
  }
  std::string text = printed("%-12s log Z = %.4f%s nats   ESS %.1f of %lld   mean log w %.4f", name,
                             estimate.log_z, error.c_str(), estimate.ess,
                             static_cast<long long>(estimate.n_chains), estimate.mean_log_w);
  if (!std::isnan(estimate.acceptance)) text += printed("   acceptance %.3f", estimate.acceptance);
  return text + "\n";
}

/// A line below the one that it explains.
std::string note(const char* text) { return std::string(13, ' ') + text + "\n"; }

}  // namespace

nlohmann::json log_z_json(const LogZEstimates& estimates) {
  nlohmann::json document = estimate_json(estimates.forward);
  document["bound"] = kForwardBound;
  document["reverse"] = nullptr;
  document["gap"] = nullptr;
  if (estimates.reverse) {
    document["reverse"] = estimate_json(*estimates.reverse);
    document["reverse"]["bound"] = kReverseBound;
    document["gap"] = *estimates.gap();
  }
  return document;
}

std::string log_z_text(const LogZEstimates& estimates) {
  std::string text = estimate_text("forward", estimates.forward) + note(kForwardBound);
  if (!estimates.reverse) return text;
  text += estimate_text("reverse", *estimates.reverse) + note(kReverseBound);
  const double gap = *estimates.gap();
  return text +
         printed("%-12s %.4f nats from forward to reverse%s\n", "gap", gap,
                 gap < 0.0 ? ": below 0, as noise can make it, or samples that miss modes" : "");
}

}  // namespace ebm::evaluation
