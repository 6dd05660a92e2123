#include "app/sample/logz_plan.h"

#include "app/command_line.h"
#include "base/error.h"
#include "base/require.h"

namespace ebm::app {

samplers::AnnealedImportanceOptions annealing_options(
    const LogZCommand& command, const std::optional<samplers::Box>& model_box) {
  using Sampler = samplers::TransitionOptions::Sampler;
  const auto sampler =
      base::value_of<Sampler>("sampler", samplers::kTransitionSamplers, command.sampler);
  // By the names of the options; the library checks again by its own.
  base::require_at_least("n", command.n, 1);
  base::require_at_least("temperatures", command.temperatures, 2);
  base::require_at_least("steps", command.steps, 1);
  const std::int64_t leapfrog = command.leapfrog.value_or(samplers::TransitionOptions().n_leapfrog);
  base::require_at_least("leapfrog", leapfrog, 1);
  if (command.leapfrog && sampler != Sampler::kHmc) {
    throw Error(ErrorCode::kUsage, "leapfrog: not for mala; it is an option of hmc");
  }
  base::require_at_least("seed", command.seed, 0);
  if (command.temperatures > 100'000'000) {
    throw Error(ErrorCode::kUsage, "temperatures = " + std::to_string(command.temperatures) +
                                       ": must be at most 100000000");
  }
  std::optional<samplers::BaseKind> kind;
  if (!command.base.empty()) {
    kind = base::value_of<samplers::BaseKind>("base", samplers::kBaseKinds, command.base);
  }
  std::optional<samplers::Box> box;
  if (!command.box.empty()) {
    box = {base::to_float("box", command.box[0]), base::to_float("box", command.box[1])};
  }
  const int n_threads = resolve_threads(command.threads);
  samplers::AnnealedImportanceOptions options{
      .base = samplers::chosen_base({kind, command.base_sd, box}, model_box),
      .temperature = base::to_float("temperature", command.temperature),
      .n_temperatures = command.temperatures,
      .schedule =
          base::value_of<samplers::BetaShape>("schedule", samplers::kBetaShapes, command.schedule),
      .transitions = {.sampler = sampler, .n_leapfrog = leapfrog, .n_transitions = command.steps},
      .seed = static_cast<std::uint64_t>(command.seed),
      .n_threads = n_threads};
  options.validate();
  return options;
}

}  // namespace ebm::app
