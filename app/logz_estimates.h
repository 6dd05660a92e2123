#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "samplers/ais/annealed_importance.h"

namespace ebm::app {

/// log Z from one or both directions.
struct LogZEstimates {
  samplers::LogZEstimate forward = {};
  std::optional<samplers::LogZEstimate> reverse;

  /// Reverse minus forward, in nats; nothing without a reverse run.
  std::optional<double> gap() const;
};

/// {"n", "log_z", "se", "mean_log_w", "ess", "acceptance", "bound"} of the forward run, "reverse"
/// with the same names and "gap", both null without a reverse run.
nlohmann::json logz_json(const LogZEstimates& estimates);

/// The same as lines for people, with what bounds what.
std::string logz_text(const LogZEstimates& estimates);

}  // namespace ebm::app
