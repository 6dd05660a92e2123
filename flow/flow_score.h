#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "flow/residual_flow.h"

namespace ebm::flow {

struct FlowScoreOptions {
  /// exact: whole Jacobians; series: cut off after `terms`; roulette: without bias, cut off at
  /// random after these; auto: exact for items of at most 16 values, else series.
  std::string log_det = "auto";
  std::int64_t terms = 20;
  double roulette = 0.7;    ///< chance of each further term
  std::int64_t probes = 1;  ///< of each item and block, to average over
  std::uint64_t seed = 0;   ///< of the probes
  int n_threads = 1;

  /// What auto is for items of `dim` values, or what was asked for.
  std::string log_det_of(std::int64_t dim) const;
  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// ln p(x) of rows [n, dim], in nats; no bit depends on n_threads. Nothing if `stop` was set on the
/// way.
/// @param flow  with tensors that need no gradient (ResidualFlow::frozen), of any precision
std::optional<std::vector<double>> log_densities(const ResidualFlow& flow,
                                                 std::span<const float> rows,
                                                 const FlowScoreOptions& options,
                                                 const std::atomic<int>& stop);

}  // namespace ebm::flow
