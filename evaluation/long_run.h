#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "evaluation/walk.h"

namespace ebm::evaluation {

/// Chains measured after more and more steps; each vector has one entry for each stop.
struct LongRun {
  std::vector<std::int64_t> steps;
  std::vector<double> fd;          ///< Fréchet distance from the training images
  std::vector<double> energy;      ///< mean of E over the chains
  std::vector<double> saturation;  ///< share of values on a wall of the box
};

/// Whether samples stay samples when their chains go on by the same settings: chains from noise
/// after 1, 10 and 100 times the steps of a sample.
class LongFd {
 public:
  struct Row {
    std::int64_t times = 0;  ///< 1, 10, 100
    std::int64_t steps = 0;
    double fd = 0.0;        ///< Fréchet distance from the training images
    double energy = 0.0;    ///< mean of E over the chains
    double drift = 0.0;     ///< mean of E less that after the steps of a sample
    double drift_se = 0.0;  ///< standard error of the drift, over the chains
  };

  /// @param steps  of a sample
  explicit LongFd(std::int64_t steps) : steps_(steps) {}
  /// Where chains are measured.
  std::set<std::int64_t> stops() const { return {steps_, 10 * steps_, 100 * steps_}; }
  /// Adds a stop, in order.
  /// @param energies  of the chains [n]
  void add(std::int64_t step, double fd, const std::vector<float>& energies);
  const std::vector<Row>& rows() const { return rows_; }

 private:
  std::int64_t steps_;
  std::vector<float> first_;  // energies after the steps of a sample
  std::vector<Row> rows_;
};

/// What is asked about long chains.
struct LongRunRequest {
  /// That they take, 0 for none; unset: a default.
  std::optional<std::int64_t> steps = std::nullopt;
  bool has_long_fd = false;  ///< whether LongFd is taken
};

/// How far chains from noise go on, 0 for not at all, and what is left out.
struct LongRunPlan {
  std::int64_t steps = 0;
  std::int64_t film_steps = 0;  ///< of a film of chains: as far as they go on, or to a sample
  std::optional<std::string> warning = std::nullopt;
};

/// Langevin chains go on as they are; those of gradient-flow by the Langevin steps after the flow,
/// those of annealed-langevin at the lowest level of noise. Samplers that end with the last level,
/// ancestral, probability-flow and recovery, have no longer chains.
/// @param own  steps of a sample
/// @throws Error(kUsage) if longer chains are asked for that the sampler does not have, or that are
///         shorter than samples
LongRunPlan plan_long_run(samplers::SamplerKind sampler, std::int64_t own,
                          const LongRunRequest& request);

/// Where chains are measured: after `own` steps, after all of 1, 2, 5, 10, 20, 50, ... that lie
/// between, and after `last`.
/// @throws Error(kUsage) unless 0 <= own <= last
std::set<std::int64_t> long_run_stops(std::int64_t own, std::int64_t last);

/// Called at every stop with the walk up to there.
using VisitStop = std::function<void(std::int64_t step, const Walk& walk)>;

/// Runs chains from stop to stop. The states at a stop have the same bits as those of one walk of
/// as many steps.
/// @param rows     starts [options.n, dim]
/// @param options  its `steps` and `first_step` are replaced
/// @throws what walk_chains throws
void walk_to_stops(const samplers::Energy& energy, std::vector<float> rows,
                   const std::set<std::int64_t>& stops, WalkOptions options,
                   samplers::SamplerSettings& settings, const VisitStop& visit);

}  // namespace ebm::evaluation
