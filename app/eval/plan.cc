#include "app/eval/plan.h"

#include "app/command_line.h"
#include "app/print.h"
#include "app/show_progress.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "cli/given_options.h"
#include "evaluation/density/level_density.h"
#include "report/item_picture.h"
#include "report/output_file.h"
#include "samplers/kernels/langevin.h"

namespace ebm::app {
namespace {
namespace fs = std::filesystem;

/// Temperatures of the path to log Z, 0 for none.
std::int64_t temperatures_of(const EvalCommand& command, const Target& target) {
  const std::int64_t n =
      command.temperatures.value_or(evaluation::LogZBoundsOptions::kDefaultTemperatures);
  if (n == 0 || target.settings.temperature > 0.0f) return n;
  const std::string why = "the model is sampled without noise: at T = 0 there is no density";
  if (command.temperatures) {
    throw Error(ErrorCode::kUsage, "temperatures = " + std::to_string(n) + ": " + why);
  }
  print_warning(why + "; log Z is left out");
  return 0;
}

/// Whether there will be a film; a message says why not, where one might expect it.
bool takes_film(const EvalCommand& command, const Target& target, std::int64_t steps) {
  if (command.out.empty() || steps == 0) return false;
  if (!report::is_drawable(target.shape, target.is_image)) {
    print_warning("images of " + std::to_string(target.shape.channels) +
                  " channels cannot be drawn; there is no film");
    return false;
  }
  base::require_writable(film_path(command.out));
  return true;
}

}  // namespace

void validate(const EvalCommand& command, const std::vector<std::string>& given) {
  if (command.model.empty() == command.samples.empty()) {
    throw Error(ErrorCode::kUsage, "give either a MODEL or --samples SPEC");
  }
  if (!command.samples.empty()) {
    cli::refuse_options(
        given,
        {"ood", "steps", "long-run", "long", "temperatures", "densities", "backend", "precision"},
        "requires MODEL; not valid with --samples");
    if (command.data.empty()) {
      throw Error(ErrorCode::kUsage, "data is missing: give --data SPEC, which the samples of " +
                                         command.samples + " are compared with");
    }
  }
  base::require_at_least("seed", command.seed, 0);
  if (command.steps) base::require_between("steps", static_cast<double>(*command.steps), 0, 1e9);
  if (command.long_run) {
    base::require_between("long-run", static_cast<double>(*command.long_run), 0, 1e9);
  }
  base::require_between("densities", static_cast<double>(command.densities), 0, 1e9);
  const std::int64_t n_temperatures = command.temperatures.value_or(0);
  if (n_temperatures != 0 && (n_temperatures < 2 || n_temperatures > 100'000'000)) {
    throw Error(ErrorCode::kUsage, "temperatures = " + std::to_string(n_temperatures) +
                                       ": must be 0 or from 2 to 100000000");
  }
  if (command.out.empty()) return;
  report::require_output(command.out, {report::OutputKind::kJson});
}

evaluation::EvaluationOptions options_of(const EvalCommand& command) {
  const int n_threads = resolve_threads(command.threads);
  return {.limited_by = command.n ? "" : command.data,
          .seed = static_cast<std::uint64_t>(command.seed),
          .n_threads = n_threads,
          .on_progress = show_progress()};
}

evaluation::ModelEvaluationOptions plan_of(const EvalCommand& command, const Target& target) {
  if (!target.is_image) {
    throw Error(ErrorCode::kUsage, command.model +
                                       " is a model of points, which have no features; ebm eval "
                                       "takes a model of images");
  }
  const std::int64_t steps = command.steps.value_or(target.n_steps);
  const samplers::SamplerSettings& settings =
      target.level_walk ? target.level_walk->settings : target.settings;
  const evaluation::LongRunPlan longer = evaluation::plan_long_run(
      settings.sampler, steps, {.steps = command.long_run, .has_long_fd = command.is_long});
  if (longer.warning) print_warning(*longer.warning);
  if (command.densities > 0) {
    evaluation::require_density(target, evaluation::DensityMethod::kFlow);
  }
  return {.steps = steps,
          .long_run = longer.steps,
          .takes_long_fd = command.is_long,
          .n_temperatures = temperatures_of(command, target),
          .n_densities = command.densities,
          .takes_film = takes_film(command, target, longer.film_steps)};
}

evaluation::EvaluatedModel evaluated_model(const EvalCommand& command, const Target& target) {
  const samplers::SamplerSettings& settings = target.settings;
  return {.name = command.model,
          .file = target.origin,
          .steps = command.steps.value_or(target.n_steps),
          .step_size = base::plain_double(settings.step_size),
          .noise_scale = base::plain_double(settings.noise_scale.value_or(
              samplers::noise_scale_of(settings.step_size, settings.temperature))),
          .temperature = base::plain_double(settings.temperature),
          .precision = target.precision,
          .terms = target.terms};
}

fs::path film_path(const fs::path& out) {
  return fs::path(out).replace_filename(out.stem().string() + "-film.png");
}

}  // namespace ebm::app
