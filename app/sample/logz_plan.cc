#include "app/sample/logz_plan.h"

#include <string>

#include "app/command_line.h"
#include "base/error.h"
#include "base/names/choice.h"
#include "base/require.h"

namespace ebm::app {
namespace {

enum class Path { kBeta, kNoise };
constexpr base::Choice<Path> kPaths[] = {{"beta", Path::kBeta}, {"noise", Path::kNoise}};

/// Of the path by beta alone.
constexpr const char* kOfBeta[] = {"--schedule", "--steps", "--sampler",    "--leapfrog",
                                   "--base",     "--box",   "--temperature"};

/// By the names of the options; the library checks again by its own.
void require_common(const LogZCommand& command) {
  base::require_at_least("n", command.n, 1);
  base::require_at_least("temperatures", command.temperatures, 2);
  base::require_at_least("seed", command.seed, 0);
  if (command.temperatures <= 100'000'000) return;
  throw Error(ErrorCode::kUsage, "temperatures = " + std::to_string(command.temperatures) +
                                     ": must be at most 100000000");
}

}  // namespace

bool goes_by_noise(const LogZCommand& command, const Target& target, const IsGiven& is_given) {
  const bool has_levels = models::own_levels(target) != nullptr;
  const Path path = command.path.empty() ? (has_levels ? Path::kNoise : Path::kBeta)
                                         : base::value_of<Path>("path", kPaths, command.path);
  if (path == Path::kBeta) return false;
  if (!has_levels) {
    throw Error(ErrorCode::kUsage,
                "path = noise: the energy goes through no levels of noise; it is for models of "
                "objective dual or recovery, or dsm with many levels");
  }
  for (const char* option : kOfBeta) {
    if (!is_given(option)) continue;
    throw Error(
        ErrorCode::kUsage,
        std::string(option + 2) + ": is for a path by beta; leave it out, or give --path beta");
  }
  return true;
}

samplers::DiffusionAnnealingOptions diffusion_options(const LogZCommand& command,
                                                      const models::LevelWalk& walk) {
  require_common(command);
  samplers::DiffusionAnnealingOptions options{.base_sd = walk.start_sd(),
                                              .levels = walk.settings.levels,
                                              .n_levels = command.temperatures,
                                              .seed = static_cast<std::uint64_t>(command.seed),
                                              .n_threads = resolve_threads(command.threads)};
  if (command.base_sd) options.base_sd = base::to_float("base-sd", *command.base_sd);
  options.validate();
  return options;
}

samplers::AnnealedImportanceOptions annealing_options(
    const LogZCommand& command, const std::optional<samplers::Box>& model_box) {
  using Sampler = samplers::TransitionOptions::Sampler;
  const auto sampler =
      base::value_of<Sampler>("sampler", samplers::kTransitionSamplers, command.sampler);
  require_common(command);
  base::require_at_least("steps", command.steps, 1);
  const std::int64_t leapfrog = command.leapfrog.value_or(samplers::TransitionOptions().n_leapfrog);
  base::require_at_least("leapfrog", leapfrog, 1);
  if (command.leapfrog && sampler != Sampler::kHmc) {
    throw Error(ErrorCode::kUsage, "leapfrog: not for mala; it is an option of hmc");
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
