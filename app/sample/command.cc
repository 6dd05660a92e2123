#include "app/sample/command.h"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/print.h"
#include "app/read_data.h"
#include "app/sample/classes.h"
#include "app/sample/options.h"
#include "app/sample/outputs.h"
#include "app/sample/plan.h"
#include "cli/help_text.h"
#include "evaluation/adapted_file.h"
#include "evaluation/chain_starts.h"
#include "evaluation/classification/class_labels.h"
#include "evaluation/draw_trace.h"
#include "evaluation/report/sample_report.h"
#include "evaluation/report/terms_json.h"
#include "evaluation/sampling/sampler_overrides.h"
#include "evaluation/sampling/walk_memory.h"
#include "evaluation/walk.h"
#include "evaluation/walk_warnings.h"
#include "models/condition.h"

namespace ebm::app {
namespace {

/// Where chains start.
std::vector<float> starts_of(const SampleCommand& command, const evaluation::ChainStart& start,
                             const models::ClassChains& classes,
                             const evaluation::WalkOptions& plan,
                             const samplers::SamplerSettings& settings) {
  const Target& target = classes.model;
  const bool are_own = start.kind == evaluation::StartKind::kData && command.data.empty();
  return read_moved_data(are_own, [&] {
    return evaluation::chain_starts(
        {.kind = start.kind,
         .file = start.file,
         .data = command.data.empty() ? target.data : command.data,
         .n = plan.n,
         .seed = plan.seed,
         .noise_sd = settings.start_sd,
         .labels = evaluation::labels_of_starts(start.kind, classes.chain_labels(), target.classes),
         .labels_of_data =
             [&](const data::Dataset& dataset) {
               return evaluation::labels_for_model(dataset, target.classes, target.class_names,
                                                   dataset.name);
             },
         .on_read = show_reading(),
         .on_warning = print_warning},
        target.shape, settings.box, target.checkpoint);
  });
}

void run(const SampleCommand& command, const Backends& backends) {
  models::ClassChains classes = open_sampled(command, backends);
  Target& target = classes.model;
  target = models::as_sampled(std::move(target), evaluation::given_sampler(command.sampler));
  const SampleOutput output = plan_output(command, target);
  validate(command, classes);
  evaluation::WalkOptions plan = plan_of(command, classes);
  plan.validate();
  samplers::SamplerSettings settings = target.settings;
  const std::int64_t dim = target.energy->dim();
  evaluation::apply_overrides(command.sampler, dim, plan.burn_in + plan.steps, settings);
  if (plan.adapt) evaluation::require_adaptable(settings);
  samplers::make_kernel(settings);  // throws for a wrong parameter before any work
  evaluation::require_memory_of_walk(plan, dim, settings);

  const evaluation::ChainStart start = evaluation::parse_chain_start(command.init);
  if (start.kind != evaluation::StartKind::kNoise) {
    plan.first_step = evaluation::first_step_from_data(settings);
  }
  const std::vector<float> starts = starts_of(command, start, classes, plan, settings);
  evaluation::use_precise_energies(target, starts, settings, coarse_energies(command.by),
                                   plan.context);
  print_warnings(evaluation::warnings_before(target, starts, plan, settings));
  const evaluation::Walk walk = evaluation::walk_chains(*target.energy, starts, plan, settings);
  // The diagnosis has a line on chains that are stuck.
  if (!command.diagnose) print_warnings(evaluation::warnings_after(walk, settings));

  evaluation::SampleReport report{
      plan,          settings,
      walk,          write_samples(command, output, target, walk, classes.names),
      std::nullopt,  target.precision,
      classes.names, classes.guidance};
  if (!command.adapt_out.empty()) evaluation::write_adapted(command.adapt_out, settings);
  if (command.diagnose) {
    report.diagnosis = evaluation::diagnose_walk(walk, plan, settings.sampler, *target.energy);
  }
  if (command.json) {
    nlohmann::json document = evaluation::sample_json(report);
    evaluation::add_terms(target.terms, document);
    return print_json(document);
  }
  std::printf("%s", evaluation::sample_text(report).c_str());
}

}  // namespace

void add_sample_command(CLI::App& app, const Backends& backends) {
  auto command = std::make_shared<SampleCommand>();
  CLI::App* sub = app.add_subcommand("sample", "Draw samples from a model or a toy energy");
  add_sample_options(*sub, *command);
  cli::add_examples(*sub,
                    {"ebm sample run --n 64 --out samples.png",
                     "ebm sample --energy toy:funnel,dim=10 --sampler nuts --adapt --diagnose"});
  sub->callback([command, backends] { run(*command, backends); });
}

}  // namespace ebm::app
