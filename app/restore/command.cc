#include "app/restore/command.h"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "app/command_line.h"
#include "app/print.h"
#include "app/read_data.h"
#include "app/restore/options.h"
#include "app/restore/outputs.h"
#include "app/restore/plan.h"
#include "app/show_progress.h"
#include "cli/help_text.h"
#include "data/item_shape.h"
#include "evaluation/report/restoration_report.h"
#include "evaluation/report/terms_json.h"
#include "evaluation/restoration/baselines.h"
#include "evaluation/restoration/denoising.h"
#include "evaluation/restoration/restoration_starts.h"
#include "evaluation/sampling/sampler_overrides.h"

namespace ebm::app {
namespace {

/// The baselines that are wanted, or that chains start at.
evaluation::Baselines baselines_of(const RestoreCommand& command, const Target& target,
                                   const evaluation::ObservationOperator& observed,
                                   const evaluation::SeenImages& seen,
                                   const evaluation::RestorationOptions& options,
                                   evaluation::RestorationStart start) {
  const auto kind = evaluation::baselines_to_make(start, !command.has_no_baselines);
  if (!kind) return {};
  const data::Dataset training = read_moved_data(command.data.empty(), [&] {
    return read_data(data_of(target.data, target.origin, command.data));
  });
  data::require_shape(training.shape, training.name, target.shape);
  return evaluation::make_baselines(
      observed, seen.y, training,
      {.noise_sd = options.noise_sd,
       .n_nearest = start == evaluation::RestorationStart::kNearest ? options.n : 1,
       .kind = *kind,
       .seed = options.walk.seed,
       .n_threads = options.walk.n_threads});
}

void run(const RestoreCommand& command, const Backends& backends) {
  Target target = open_target(command.model, "", command.by, backends);
  require_restorable(command, target);
  const evaluation::ObservationOperator observed =
      evaluation::observation_operator(command.operator_text, target.shape);
  evaluation::RestorationOptions options = restoration_options(command, target);
  options.validate(observed);
  samplers::SamplerSettings settings = target.settings;
  if (!command.sampler.sampler && evaluation::can_denoise(target, observed, options.noise_sd)) {
    settings = evaluation::denoising_settings(target, options.noise_sd, options.walk.steps);
  }
  evaluation::apply_overrides(command.sampler, evaluation::walked_dim(observed, options),
                              options.walk.burn_in + options.walk.steps, settings);
  if (options.walk.adapt) evaluation::require_adaptable(settings);
  samplers::make_kernel(settings);  // throws for a wrong parameter before any work
  const evaluation::SeenImages seen =
      evaluation::read_seen_images(seen_images_options(command), observed, target.shape);
  options.require_memory(observed,
                         static_cast<std::int64_t>(seen.y.size()) / observed.a->output_dim());
  print_warnings(evaluation::restoration_warnings(observed, options, settings));

  const evaluation::RestorationStart start = restoration_start(command);
  evaluation::Baselines baselines = baselines_of(command, target, observed, seen, options, start);
  const std::vector<float> starts =
      evaluation::restoration_starts(observed, seen.y, baselines,
                                     {.kind = start,
                                      .n = options.n,
                                      .shape = target.shape,
                                      .box = settings.box,
                                      .noise_sd = settings.start_sd,
                                      .seed = options.walk.seed,
                                      .n_threads = options.walk.n_threads});
  evaluation::use_precise_energies(target, starts, settings, coarse_energies(command.by));
  options.walk.on_progress = show_progress();  // from here on signals wait for it
  const evaluation::Restoration restored =
      evaluation::restore(target, observed, seen.y, starts, options, settings);
  if (evaluation::takes_training_images(start)) {
    baselines.reconstructions.push_back(
        evaluation::mean_of_starts(observed, seen.y, starts, options.n, options.noise_sd));
  }
  if (!restored.denoised.empty())
    baselines.reconstructions.push_back({"denoised", restored.denoised});
  evaluation::RestorationReport report{observed, options, settings, restored, command.init};
  report.columns =
      write_restoration(command, observed, seen, restored, baselines.reconstructions, target.shape);
  report.out = command.out;
  report.mean_out = command.mean_out;
  report.spread_out = command.spread_out;
  report.precision = target.precision;
  if (!seen.truth.empty()) {
    report.scores = evaluation::score_reconstructions(restored, baselines.reconstructions,
                                                      seen.truth, target.shape);
    if (restored.n > 1) {
      report.coverage =
          evaluation::coverage_of_truth(observed, options.noise_sd, restored, seen.truth);
    }
  }
  nlohmann::json document = evaluation::restoration_json(report);
  evaluation::add_terms(target.terms, document);
  add_to_run(command, document);
  if (command.json) return print_json(std::move(document));
  std::printf("%s", evaluation::restoration_text(report).c_str());
}

}  // namespace

void add_restore_command(CLI::App& app, const Backends& backends) {
  auto command = std::make_shared<RestoreCommand>();
  CLI::App* sub = app.add_subcommand(
      "restore", "Restore images: inpainting, deblurring, super-resolution, denoising");
  add_restore_options(*sub, *command);
  cli::add_examples(
      *sub, {"ebm restore run --observed y.npy --operator noise --noise-sd 0.3 --out x.png",
             "ebm restore run --observed y.png --operator blur=1 --noise-sd 0.1 --out x.npy"});
  sub->callback([command, backends] { run(*command, backends); });
}

}  // namespace ebm::app
