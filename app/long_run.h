#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <vector>

#include "app/sample_walk.h"

namespace ebm::app {

/// What becomes of chains after more and more steps, one entry of each a stop.
struct LongRun {
  std::vector<std::int64_t> steps;
  std::vector<double> fd;          ///< to the training images
  std::vector<double> energy;      ///< mean of E over the chains
  std::vector<double> saturation;  ///< share of values at the wall of the box
};

/// Where chains are measured: after `own` steps, after all of 1, 2, 5, 10, 20, 50, ... that lie
/// between, and after `last`.
/// @throws Error(kUsage) unless 0 <= own <= last
std::set<std::int64_t> long_run_stops(std::int64_t own, std::int64_t last);

/// Called at every stop with what the walk has come to.
using VisitStop = std::function<void(std::int64_t step, const Walk& walk)>;

/// Takes chains from stop to stop, which gives the same bits as one walk of so many steps does.
/// @param rows  [plan.n, dim], starts
/// @param plan  its steps are those to a stop
/// @return the signal that stopped it, or 0
/// @throws what walk_chains throws
int walk_to_stops(const samplers::Energy& energy, std::vector<float> rows,
                  const std::set<std::int64_t>& stops, WalkPlan plan,
                  samplers::SamplerSettings& settings, const VisitStop& visit);

}  // namespace ebm::app
