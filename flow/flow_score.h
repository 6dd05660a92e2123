#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/names/choice.h"
#include "data/dataset.h"
#include "flow/log_determinant.h"
#include "flow/residual_flow.h"

namespace ebm::flow {

/// By their names on command lines.
inline constexpr base::Choice<LogDet> kLogDets[] = {{"auto", LogDet::kAuto},
                                                    {"exact", LogDet::kExact},
                                                    {"series", LogDet::kSeries},
                                                    {"roulette", LogDet::kRoulette}};

struct FlowScoreOptions {
  LogDet log_det = LogDet::kAuto;
  std::int64_t terms = 20;
  double roulette = 0.7;    ///< probability of each further term
  std::int64_t probes = 1;  ///< of each item and block, to average over
  std::uint64_t seed = 0;   ///< of the probes
  int n_threads = 1;

  /// log_det for items of `dim` values, never kAuto.
  LogDet log_det_of(std::int64_t dim) const;
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

/// Log-densities of a data set, summarized.
struct DensitySummary {
  std::int64_t n = 0;
  double nats = 0.0, se = 0.0;      ///< mean ln p, and its standard error
  std::optional<double> bits{};     ///< per dimension, of byte images
  std::optional<double> bound{};    ///< on the bias of a truncated series, nats per dimension
  LogDet log_det = LogDet::kExact;  ///< how log-determinants were computed
};

/// @param log_p    of items of `dataset`, from log_densities() with these options
DensitySummary summarize_densities(const std::vector<double>& log_p, const data::Dataset& dataset,
                                   const ResidualFlow& flow, const FlowScoreOptions& options);

}  // namespace ebm::flow
