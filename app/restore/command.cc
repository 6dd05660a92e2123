#include "app/restore/command.h"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "app/command_line.h"
#include "app/print.h"
#include "app/read_data.h"
#include "app/restore/options.h"
#include "app/restore/outputs.h"
#include "app/restore/plan.h"
#include "app/show_progress.h"
#include "cli/help_text.h"
#include "evaluation/report/restoration_report.h"
#include "evaluation/report/terms_json.h"
#include "evaluation/restoration/restoration_scores.h"
#include "evaluation/restoration/seen_images.h"
#include "evaluation/runs/restoration_of_model.h"

namespace ebm::app {
namespace {

void run(RestoreCommand command, const Backends& backends) {
  Target target = open_target(command.model, "", command.by, backends);
  require_restorable(command, target);
  evaluation::RestorationRequest& request = command.request;
  evaluation::SeenImages seen;
  request.burn_in = command.burn_in.steps();
  request.adapt = command.burn_in.adapts;
  request.has_baselines = !command.has_no_baselines;
  request.n_threads = resolve_threads(command.threads);
  request.coarse = coarse_energies(command.by);
  request.on_warning = print_warning;
  request.on_progress = show_progress();
  request.read_observations = [&](const evaluation::ObservationOperator& observed) {
    seen = evaluation::read_seen_images(seen_images_options(command), observed, target.shape);
    return seen.y;
  };
  request.read_training_images = [&] {
    return read_moved_data(command.data.empty(), [&] {
      return read_data(data_of(target.data, target.origin, command.data));
    });
  };
  const auto [observed, options, settings, restored, others] =
      evaluation::restoration_of_model(target, command.model, request);
  evaluation::RestorationReport report{observed, options, settings, restored, request.init};
  report.columns = write_restoration(command, observed, seen, restored, others, target.shape);
  report.out = command.out;
  report.mean_out = command.mean_out;
  report.spread_out = command.spread_out;
  report.precision = target.precision;
  if (!seen.truth.empty()) {
    report.scores = evaluation::score_reconstructions(restored, others, seen.truth, target.shape);
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
