#include "evaluation/sampling/walk_memory.h"

#include <string>

#include "base/error.h"
#include "base/number_text.h"
#include "base/system/memory_limit.h"
#include "evaluation/draw_trace.h"

namespace ebm::evaluation {
namespace {

/// A billion values: what a walk may keep in memory.
constexpr std::int64_t kMaxValues = std::int64_t{1} << 30;

}  // namespace

void require_memory_of_walk(const WalkOptions& options, std::int64_t dim,
                            const samplers::SamplerSettings& settings) {
  const double replicas = settings.sampler == samplers::SamplerKind::kParallelTempering
                              ? static_cast<double>(settings.ladder.size())
                              : 1.0;
  base::require_memory(
      {.option = "n",
       .value = options.n,
       .what = "states of dim " + std::to_string(dim) +
               (replicas > 1.0 ? ", " + base::number_text(replicas) + " replicas each," : ""),
       .each =
           8.0 * static_cast<double>(dim) + replicas * (12.0 * static_cast<double>(dim) + 24.0)});
  const std::int64_t n_draws = options.steps / options.thinning;
  const double n_values =
      static_cast<double>(n_draws) * static_cast<double>(options.n) * static_cast<double>(dim);
  const bool keeps_trace =
      !options.trace.empty() && draw_trace_kind(options.trace, "trace") == DrawTraceKind::kNetcdf;
  if ((options.keep_draws || keeps_trace) && n_values > static_cast<double>(kMaxValues)) {
    throw Error(ErrorCode::kUsage, std::string(options.keep_draws ? "diagnose" : "trace") +
                                       ": the draws would be " + base::number_text(n_values) +
                                       " numbers, and at most 1.07e9 are kept in memory; raise "
                                       "--thinning or lower --n");
  }
}

}  // namespace ebm::evaluation
