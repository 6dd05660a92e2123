#include "app/eval/command.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/eval/options.h"
#include "app/eval/plan.h"
#include "app/json_text.h"
#include "app/print.h"
#include "app/read_data.h"
#include "app/show_progress.h"
#include "app/target/open_target.h"
#include "base/atomic_file.h"
#include "cli/given_options.h"
#include "cli/help_text.h"
#include "evaluation/image_sets.h"
#include "evaluation/report/evaluation_json.h"
#include "evaluation/report/evaluation_tables.h"
#include "evaluation/runs/evaluation_of_model.h"
#include "report/image_grid.h"
#include "report/png.h"

namespace ebm::app {
namespace {
namespace fs = std::filesystem;

evaluation::EvalReport evaluate_samples(const EvalCommand& command) {
  const data::Dataset samples = evaluation::read_samples(
      command.samples, command.request.n.value_or(0), command.request.on_read);
  return evaluation::evaluation_of_samples(samples, command.samples, command.request);
}

evaluation::EvalReport evaluate_model(const EvalCommand& command, const Backends& backends) {
  const Target target = open_target(command.model, "", command.by, backends);
  evaluation::EvaluationRequest request = command.request;
  request.takes_film = [&] { return takes_film(command, target); };
  return evaluation::evaluation_of_model(target, command.model, request);
}

void run(EvalCommand command, const std::vector<std::string>& given, const Backends& backends) {
  validate(command, given);
  evaluation::EvaluationRequest& request = command.request;
  if (evaluation::is_torch_script(request.features) && !backends.open_script) backends.hand_over();
  request.n_threads = resolve_threads(command.threads);
  request.open_script = backends.open_script;
  request.on_read = show_reading();
  request.on_progress = show_progress();
  request.on_warning = print_warning;
  const auto start = std::chrono::steady_clock::now();
  evaluation::EvalReport report =
      command.samples.empty() ? evaluate_model(command, backends) : evaluate_samples(command);
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
