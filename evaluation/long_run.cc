#include "evaluation/long_run.h"

#include <string>
#include <utility>

#include "base/error.h"

namespace ebm::evaluation {

std::set<std::int64_t> long_run_stops(std::int64_t own, std::int64_t last) {
  if (own < 0 || last < own) {
    throw Error(ErrorCode::kUsage, "long-run = " + std::to_string(last) +
                                       ": must be 0 or at least the " + std::to_string(own) +
                                       " steps that samples take");
  }
  std::set<std::int64_t> stops{own, last};
  for (std::int64_t decade = 1; decade < last; decade *= 10) {
    for (const std::int64_t step : {decade, 2 * decade, 5 * decade}) {
      if (step > own && step < last) stops.insert(step);
    }
  }
  return stops;
}

void walk_to_stops(const samplers::Energy& energy, std::vector<float> rows,
                   const std::set<std::int64_t>& stops, WalkOptions options,
                   samplers::SamplerSettings& settings, const VisitStop& visit) {
  for (const std::int64_t stop : stops) {
    options.steps = stop - options.first_step;
    Walk walk = walk_chains(energy, rows, options, settings);
    visit(stop, walk);
    rows = std::move(walk.rows);
    options.first_step = stop;
  }
}

}  // namespace ebm::evaluation
