#include "app/sample/plan.h"

#include <algorithm>
#include <string>

#include "app/command_line.h"
#include "app/show_progress.h"
#include "base/error.h"
#include "base/require.h"
#include "evaluation/chain_starts.h"

namespace ebm::app {

void validate(const SampleCommand& command, const models::ClassChains& classes) {
  base::require_at_least("seed", command.seed, 0);
  if (command.thinning) base::require_at_least("thinning", *command.thinning, 1);
  const bool has_draws =
      command.diagnose || !command.trace.empty() || !command.energy_trace.empty();
  if (command.thinning && !has_draws) {
    throw Error(ErrorCode::kUsage, "thinning = " + std::to_string(*command.thinning) +
                                       ": requires --trace, --energy-trace or --diagnose");
  }
  if (command.burn_in.adapts && !command.sampler.adapted.empty()) {
    throw Error(ErrorCode::kUsage, "adapted = " + command.sampler.adapted +
                                       ": not valid with --adapt; give one of them");
  }
  if (command.target_acceptance && !command.burn_in.adapts) {
    throw Error(ErrorCode::kUsage, "target-acceptance: needs --adapt");
  }
  if (!command.adapt_out.empty() && !command.burn_in.adapts) {
    throw Error(ErrorCode::kUsage, "adapt-out = " + command.adapt_out + ": needs --adapt");
  }
  if (command.diagnose && classes.labels.size() > 1) {
    throw Error(ErrorCode::kUsage,
                "diagnose: compares chains of one density; give --class one class, not " +
                    std::to_string(classes.labels.size()));
  }
  if (!command.data.empty() &&
      evaluation::parse_chain_start(command.init).kind != evaluation::StartKind::kData) {
    throw Error(ErrorCode::kUsage, "data = " + command.data + ": needs --init data");
  }
}

evaluation::WalkOptions plan_of(const SampleCommand& command, const models::ClassChains& classes) {
  const Target& target = classes.model;
  const auto n_classes = static_cast<std::int64_t>(classes.labels.size());
  const int n_threads = resolve_threads(command.threads);
  return {.n = command.n * std::max<std::int64_t>(1, n_classes),
          .burn_in = command.burn_in.steps(),
          .steps = command.steps.value_or(target.n_steps),
          .thinning = command.thinning.value_or(1),
          .adapt = command.burn_in.adapts,
          .target_acceptance = command.target_acceptance,
          .keep_draws = command.diagnose,
          .trace = command.trace,
          .energy_trace = command.energy_trace,
          .seed = static_cast<std::uint64_t>(command.seed),
          .n_threads = n_threads,
          .on_progress = show_progress(),
          .parameters = models::parameters_of(target),
          .context = classes.contexts};
}

}  // namespace ebm::app
