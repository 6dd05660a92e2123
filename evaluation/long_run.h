#pragma once

#include <cstdint>
#include <functional>
#include <set>
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
