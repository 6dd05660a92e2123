#include "app/sample/command.h"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "app/print.h"
#include "app/read_data.h"
#include "app/sample/classes.h"
#include "app/sample/options.h"
#include "app/sample/outputs.h"
#include "app/sample/plan.h"
#include "cli/help_text.h"
#include "evaluation/adapted_file.h"
#include "evaluation/chain_starts.h"
#include "evaluation/report/sample_report.h"
#include "evaluation/report/terms_json.h"
#include "evaluation/sampling/sampler_overrides.h"
#include "evaluation/sampling/walk_of_model.h"
#include "models/condition.h"

namespace ebm::app {
namespace {

void run(const SampleCommand& command, const Backends& backends) {
  models::ClassChains classes = open_sampled(command, backends);
  Target& target = classes.model;
  target = models::as_sampled(std::move(target), evaluation::given_sampler(command.sampler));
  const SampleOutput output = plan_output(command, target);
  validate(command, classes);
  const evaluation::ModelWalkOptions options{.sampler = command.sampler,
                                             .walk = plan_of(command, classes),
                                             .start = evaluation::parse_chain_start(command.init),
                                             .data = command.data,
                                             .coarse = coarse_energies(command.by),
                                             .on_read = show_reading(),
                                             .on_warning = print_warning};
  const bool are_own = options.start.kind == evaluation::StartKind::kData && command.data.empty();
  const auto [walk, settings] =
      evaluation::walk_model(classes, options, [&](const samplers::SamplerSettings& of_walk) {
        return read_moved_data(
            are_own, [&] { return evaluation::starts_of_model(classes, options, of_walk); });
      });

  evaluation::SampleReport report{
      options.walk,  settings,
      walk,          write_samples(command, output, target, walk, classes.names),
      std::nullopt,  target.precision,
      classes.names, classes.guidance};
  if (!command.adapt_out.empty()) evaluation::write_adapted(command.adapt_out, settings);
  if (command.diagnose) {
    report.diagnosis =
        evaluation::diagnose_walk(walk, options.walk, settings.sampler, *target.energy);
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
