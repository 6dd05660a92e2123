#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evaluation/log_z_run.h"
#include "samplers/box.h"
#include "samplers/energy.h"

namespace ebm::evaluation {

/// Chains of a model that have run for long, from which a reverse run starts, as a model has no
/// exact draws.
struct ReverseStarts {
  std::string name;         ///< for display: where they come from
  std::vector<float> rows;  ///< [n, dim]
};

struct LogZBoundsOptions {
  double temperature = 1.0;  ///< T
  std::int64_t n_temperatures = 0;
  std::optional<samplers::Box> box;  ///< Z is the integral over it; else over all of R^dim
  std::uint64_t seed = 0;
  int n_threads = 1;
  OnProgress on_progress = nullptr;  ///< as of run_log_z

  static constexpr std::int64_t kDefaultTemperatures = 2000;
  static constexpr std::int64_t kChains = 64;  ///< in either direction
  /// Of β: models of images are sampled at such low T that the target is far narrower than the
  /// base.
  static constexpr samplers::BetaShape kSchedule = samplers::BetaShape::kGeometric;
};

/// log Z of a model from both directions, with bits per dimension of test images.
struct LogZBounds {
  std::int64_t dim = 0;
  double temperature = 1.0;
  std::int64_t n_temperatures = 0;
  LogZEstimates estimates = {};
  std::string reverse_from;
  /// Mean of E/T over dequantised test images; nothing if the data have no grey levels.
  std::optional<double> mean_energy;

  /// data::bits_per_dim() from one estimate of log Z; nothing without mean_energy.
  std::optional<double> bits_per_dim(const samplers::LogZEstimate& estimate) const;
};

/// Annealed importance sampling from the uniform density on the box (N(0, I) without one) and back
/// from at most kChains of the starts.
/// @param test  dequantised test images [n, dim]; empty if there are none
/// @throws Error(kDiverged) naming a test image whose energy is not finite; what run_log_z throws
LogZBounds bound_log_z(const std::shared_ptr<const samplers::Energy>& energy,
                       const std::vector<float>& test, const ReverseStarts& starts,
                       const LogZBoundsOptions& options);

}  // namespace ebm::evaluation
