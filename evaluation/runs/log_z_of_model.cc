#include "evaluation/runs/log_z_of_model.h"

#include <chrono>
#include <utility>

#include "base/error.h"
#include "base/names/choice.h"
#include "base/require.h"
#include "base/system/memory_limit.h"
#include "evaluation/log_z_run.h"
#include "samplers/ais/annealed_importance.h"
#include "samplers/ais/diffusion_annealing.h"
#include "samplers/initial_states.h"

namespace ebm::evaluation {
namespace {

enum class Path { kBeta, kNoise };
constexpr base::Choice<Path> kPaths[] = {{"beta", Path::kBeta}, {"noise", Path::kNoise}};

/// Of the path by beta alone.
constexpr const char* kOfBeta[] = {"schedule", "steps", "sampler",    "leapfrog",
                                   "base",     "box",   "temperature"};

/// By the names of the options; the library checks again by its own.
void require_common(const LogZRequest& request) {
  base::require_at_least("n", request.n, 1);
  base::require_at_least("temperatures", request.temperatures, 2);
  base::require_at_least("seed", request.seed, 0);
  if (request.temperatures <= 100'000'000) return;
  throw Error(ErrorCode::kUsage, "temperatures = " + std::to_string(request.temperatures) +
                                     ": must be at most 100000000");
}

/// Whether the path goes through levels of noise rather than by beta.
bool goes_by_noise(const LogZRequest& request, const models::EnergyModel& model) {
  const bool has_levels = models::own_levels(model) != nullptr;
  const Path path = request.path.empty() ? (has_levels ? Path::kNoise : Path::kBeta)
                                         : base::value_of<Path>("path", kPaths, request.path);
  if (path == Path::kBeta) return false;
  if (!has_levels) {
    throw Error(ErrorCode::kUsage,
                "path = noise: the energy goes through no levels of noise; it is for models of "
                "objective dual or recovery, or dsm with many levels");
  }
  for (const char* option : kOfBeta) {
    if (!request.is_given(option)) continue;
    throw Error(ErrorCode::kUsage,
                std::string(option) + ": is for a path by beta; leave it out, or give --path beta");
  }
  return true;
}

samplers::DiffusionAnnealingOptions diffusion_options(const LogZRequest& request,
                                                      const models::LevelWalk& walk) {
  require_common(request);
  samplers::DiffusionAnnealingOptions options{.base_sd = walk.start_sd(),
                                              .levels = walk.settings.levels,
                                              .n_levels = request.temperatures,
                                              .seed = static_cast<std::uint64_t>(request.seed),
                                              .n_threads = request.n_threads};
  if (request.base_sd) options.base_sd = base::to_float("base-sd", *request.base_sd);
  options.validate();
  return options;
}

samplers::AnnealedImportanceOptions annealing_options(
    const LogZRequest& request, const std::optional<samplers::Box>& model_box) {
  using Sampler = samplers::TransitionOptions::Sampler;
  const auto sampler =
      base::value_of<Sampler>("sampler", samplers::kTransitionSamplers, request.sampler);
  require_common(request);
  base::require_at_least("steps", request.steps, 1);
  const std::int64_t leapfrog = request.leapfrog.value_or(samplers::TransitionOptions().n_leapfrog);
  base::require_at_least("leapfrog", leapfrog, 1);
  if (request.leapfrog && sampler != Sampler::kHmc) {
    throw Error(ErrorCode::kUsage, "leapfrog: not for mala; it is an option of hmc");
  }
  std::optional<samplers::BaseKind> kind;
  if (!request.base.empty()) {
    kind = base::value_of<samplers::BaseKind>("base", samplers::kBaseKinds, request.base);
  }
  std::optional<samplers::Box> box;
  if (!request.box.empty()) {
    box = {base::to_float("box", request.box[0]), base::to_float("box", request.box[1])};
  }
  samplers::AnnealedImportanceOptions options{
      .base = samplers::chosen_base({kind, request.base_sd, box}, model_box),
      .temperature = base::to_float("temperature", request.temperature),
      .n_temperatures = request.temperatures,
      .schedule =
          base::value_of<samplers::BetaShape>("schedule", samplers::kBetaShapes, request.schedule),
      .transitions = {.sampler = sampler, .n_leapfrog = leapfrog, .n_transitions = request.steps},
      .seed = static_cast<std::uint64_t>(request.seed),
      .n_threads = request.n_threads};
  options.validate();
  return options;
}

void require_fits(const LogZRequest& request, std::int64_t dim) {
  // A path with gradients at both ends, and the rows that it starts from.
  base::require_memory({.option = "n",
                        .value = request.n,
                        .what = "chains of dim " + std::to_string(dim),
                        .each = 16.0 * static_cast<double>(dim) + 24.0});
}

std::vector<float> reverse_rows(const LogZRequest& request,
                                const std::optional<samplers::Box>& box) {
  return request.reverse_rows ? request.reverse_rows(box) : std::vector<float>{};
}

/// Through the levels of a walk, in float32: the weights are differences of energies.
LogZRun run_by_noise(const LogZRequest& request, models::EnergyModel& model, LogZReport& report) {
  if (request.in_bf16) {
    throw Error(ErrorCode::kUsage,
                "precision = bf16: rounds the differences of energies too much; a path by noise "
                "takes a model in f32");
  }
  const models::LevelWalk& walk = *model.level_walk;
  const auto options = diffusion_options(request, walk);
  report.path = options;
  if (model.precision) model.precision = nets::Precision::kFloat32;
  return run_log_z(walk.in_float32 ? walk.in_float32() : walk.energy, options, request.n,
                   reverse_rows(request, std::nullopt), request.on_progress);
}

LogZRun run_by_beta(const LogZRequest& request, models::EnergyModel& model, LogZReport& report) {
  const auto options = annealing_options(request, model.settings.box);
  report.path = options;
  std::vector<float> some(static_cast<std::size_t>(samplers::kLanes * report.dim));
  samplers::draw_initial_states({.seed = options.seed, .domain = base::Domain::kSampleInit}, 0,
                                report.dim, options.base.box, some);
  use_precise_energies(model, some, options.temperature, "log Z", request.coarse);
  return run_log_z(model.energy, options, request.n, reverse_rows(request, options.base.box),
                   request.on_progress);
}

}  // namespace

LogZReport log_z_of_model(models::EnergyModel& model, const LogZRequest& request) {
  const bool by_noise = goes_by_noise(request, model);
  LogZReport report{.target = {},
                    .is_model = !model.origin.empty(),
                    .dim = model.energy->dim(),
                    .exact = model.energy->log_z()};
  require_fits(request, report.dim);
  const auto start = std::chrono::steady_clock::now();
  LogZRun found =
      by_noise ? run_by_noise(request, model, report) : run_by_beta(request, model, report);
  report.step_sizes = std::move(found.step_sizes);
  report.log_z_base = found.log_z_base;
  report.estimates = std::move(found.estimates);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  report.precision = model.precision;
  return report;
}

}  // namespace ebm::evaluation
