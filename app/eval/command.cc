#include "app/eval/command.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/eval/options.h"
#include "app/eval/plan.h"
#include "app/json_text.h"
#include "app/print.h"
#include "app/read_data.h"
#include "app/target/open_target.h"
#include "base/atomic_file.h"
#include "base/system/memory_limit.h"
#include "cli/given_options.h"
#include "cli/help_text.h"
#include "evaluation/evaluate.h"
#include "evaluation/image_sets.h"
#include "evaluation/open_features.h"
#include "evaluation/report/evaluation_json.h"
#include "evaluation/report/evaluation_tables.h"
#include "report/image_grid.h"
#include "report/png.h"

namespace ebm::app {
namespace {
namespace fs = std::filesystem;

std::shared_ptr<const evaluation::FeatureExtractor> open_features(const EvalCommand& command,
                                                                  const data::ItemShape& shape,
                                                                  const Backends& backends) {
  return evaluation::open_features(command.features, {shape.channels, shape.height, shape.width},
                                   backends.open_script);
}

/// Reads samples and data, and compares them.
evaluation::EvalReport evaluate_samples(const EvalCommand& command, const Backends& backends) {
  const data::Dataset samples =
      evaluation::read_samples(command.samples, command.n.value_or(0), show_reading());
  evaluation::EvaluationOptions options = options_of(command);
  const evaluation::EvaluationImages images = evaluation::read_evaluation_images(
      command.data, samples.shape,
      {.n = command.n,
       .seed = options.seed,
       .default_n = std::min(evaluation::EvaluationImageOptions{}.default_n, samples.n),
       .shape_owner = evaluation::ShapeOwner::kSamples,
       .on_read = show_reading()});
  const std::int64_t n = images.reference.n;
  if (!command.n && samples.n == n) options.limited_by = command.samples;
  return {.model = {},
          .evaluation = evaluation::evaluate_samples(
              evaluation::random_images(samples, n, options.seed, command.samples), images,
              *open_features(command, samples.shape, backends), options)};
}

/// Reads model and data, its own unless others are given, and evaluates.
evaluation::EvalReport evaluate_model(EvalCommand command, const Backends& backends) {
  const Target target = open_target(command.model, "", command.by, backends);
  const bool are_own = command.data.empty();
  command.data = data_of(target.data, target.origin, command.data);
  const evaluation::ModelEvaluationOptions plan = plan_of(command, target);
  const evaluation::EvaluationOptions options = options_of(command);
  if (command.n) {
    // Training and test images, two sets of samples, and chains with gradients.
    base::require_memory({.option = "n",
                          .value = *command.n,
                          .what = "images of " + std::to_string(target.shape.size()) + " values",
                          .each = 28.0 * static_cast<double>(target.shape.size())});
  }
  const evaluation::EvaluationImages images = read_moved_data(are_own, [&] {
    return evaluation::read_evaluation_images(
        command.data, target.shape,
        {.n = command.n, .seed = options.seed, .on_read = show_reading()});
  });
  const std::vector<evaluation::ImageRows> ood =
      evaluation::read_ood_sets(images, target.shape, command.data, command.ood, options.seed);
  return {.model = evaluated_model(command, target),
          .evaluation = evaluation::evaluate_model(
              target, images, ood, *open_features(command, target.shape, backends), options, plan)};
}

void run(const EvalCommand& command, const std::vector<std::string>& given,
         const Backends& backends) {
  validate(command, given);
  if (evaluation::is_torch_script(command.features) && !backends.open_script) backends.hand_over();
  const auto start = std::chrono::steady_clock::now();
  evaluation::EvalReport report = command.samples.empty() ? evaluate_model(command, backends)
                                                          : evaluate_samples(command, backends);
  report.seed = static_cast<std::uint64_t>(command.seed);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  print_warnings(report.evaluation.warnings);
  report.evaluation.warnings = kept_warnings();
  if (const auto& film = report.evaluation.film) {
    const fs::path path = film_path(command.out);
    report.film_file = path.filename().string();
    const auto n_steps = static_cast<std::int64_t>(film->steps().size());
    base::write_file_atomically(path, report::png_bytes(report::image_grid(
                                          film->pictures(), film->shape(), {.columns = n_steps})));
  }
  const std::string document = json_text(evaluation::eval_json(report)) + "\n";
  if (!command.out.empty()) base::write_file_atomically(command.out, document);
  std::printf("%s", command.json ? document.c_str() : evaluation::eval_text(report).c_str());
}

}  // namespace

void add_eval_command(CLI::App& app, const Backends& backends) {
  auto command = std::make_shared<EvalCommand>();
  CLI::App* sub = app.add_subcommand(
      "eval", "Evaluate a model or samples: FD, KID, coverage, AUROC, log-likelihood");
  add_eval_options(*sub, *command);
  cli::add_examples(*sub, {"ebm eval run --out eval.json",
                           "ebm eval --samples npy:samples.npy --data fashion-mnist"});
  sub->callback([=] { run(*command, cli::given_options(*sub), backends); });
}

}  // namespace ebm::app
