#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/logz_estimates.h"
#include "samplers/box.h"
#include "samplers/energy.h"

namespace ebm::app {

/// Old chains of a model, from which a reverse run starts for want of exact draws.
struct ReverseStarts {
  std::string name;         ///< what they are
  std::vector<float> rows;  ///< [n, dim]
};

struct EvalLogZOptions {
  double temperature = 1.0;  ///< T
  std::int64_t n_temperatures = 0;
  std::optional<samplers::Box> box;  ///< that Z is the integral over
  std::uint64_t seed = 0;
  int n_threads = 1;

  static constexpr std::int64_t kDefaultTemperatures = 2000;
  static constexpr std::int64_t kChains = 64;  ///< in either direction
  /// Of β: recipes sample at such low T that the target is far narrower than the base.
  static constexpr const char* kSchedule = "geometric";
};

/// log Z of a model, and what test images are worth by it.
struct EvaluatedLogZ {
  std::int64_t dim = 0;
  double temperature = 1.0;
  std::int64_t n_temperatures = 0;
  LogZEstimates estimates = {};
  std::string reverse_from;
  /// Mean of E/T over dequantised test images; none if the data have no grey levels.
  std::optional<double> mean_energy;

  /// From the log Z of one direction.
  std::optional<double> bits_per_dim(const samplers::LogZEstimate& estimate) const;
};

/// What came of it.
struct EvalLogZRun {
  int stopped_by = 0;  ///< the signal that stopped it, or 0
  EvaluatedLogZ found;
};

/// Annealed importance sampling from the uniform density on the box (N(0, I) without one) and back
/// from at most kChains of the starts.
/// @param test  dequantised test images [n, dim]; empty if there are none
/// @throws Error(kDiverged) naming a test image whose energy is not finite; what run_logz throws
EvalLogZRun evaluate_log_z(const std::shared_ptr<const samplers::Energy>& energy,
                           const std::vector<float>& test, const ReverseStarts& starts,
                           const EvalLogZOptions& options);

/// The keys of `ebm logz --json` that are about estimates, with those above and "bits_per_dim".
nlohmann::json eval_log_z_json(const EvaluatedLogZ& found);
/// The same as lines for people.
std::string eval_log_z_text(const EvaluatedLogZ& found);

}  // namespace ebm::app
