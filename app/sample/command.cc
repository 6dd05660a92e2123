#include "app/sample/command.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/print.h"
#include "app/read_data.h"
#include "app/sample/apply_sampler_options.h"
#include "app/sample/classes.h"
#include "app/sample/options.h"
#include "app/sample/outputs.h"
#include "app/sample/start_option.h"
#include "app/show_progress.h"
#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "base/system/memory_limit.h"
#include "cli/help_text.h"
#include "evaluation/adapted_file.h"
#include "evaluation/chain_starts.h"
#include "evaluation/classification/class_labels.h"
#include "evaluation/draw_trace.h"
#include "evaluation/report/sample_report.h"
#include "evaluation/report/terms_json.h"
#include "evaluation/walk.h"
#include "evaluation/walk_warnings.h"
#include "samplers/throughput/machine.h"

namespace ebm::app {
namespace {

/// A billion values: what a walk may keep in memory.
constexpr std::int64_t kMaxValues = std::int64_t{1} << 30;

/// Options that need another one.
void validate(const SampleCommand& command, const SampleClasses& classes) {
  base::require_at_least("seed", command.seed, 0);
  if (command.thinning) base::require_at_least("thinning", *command.thinning, 1);
  const bool has_draws =
      command.diagnose || !command.trace.empty() || !command.energy_trace.empty();
  if (command.thinning && !has_draws) {
    throw Error(ErrorCode::kUsage, "thinning = " + std::to_string(*command.thinning) +
                                       ": requires --trace, --energy-trace or --diagnose");
  }
  if (command.adapt && !command.sampler.adapted.empty()) {
    throw Error(ErrorCode::kUsage, "adapted = " + command.sampler.adapted +
                                       ": not valid with --adapt; give one of them");
  }
  if (command.target_acceptance && !command.adapt) {
    throw Error(ErrorCode::kUsage, "target-acceptance: needs --adapt");
  }
  if (!command.adapt_out.empty() && !command.adapt) {
    throw Error(ErrorCode::kUsage, "adapt-out = " + command.adapt_out + ": needs --adapt");
  }
  if (command.diagnose && classes.labels.size() > 1) {
    throw Error(ErrorCode::kUsage,
                "diagnose: compares chains of one density; give --class one class, not " +
                    std::to_string(classes.labels.size()));
  }
  if (!command.data.empty() && start_option(command.init).kind != evaluation::StartKind::kData) {
    throw Error(ErrorCode::kUsage, "data = " + command.data + ": needs --init data");
  }
}

/// Those of the energy; pixels keep their axes in a trace.
samplers::Parameters parameters_of(const Target& target) {
  if (!target.is_image) return samplers::parameters_of(*target.energy);
  const data::ItemShape& shape = target.shape;
  return {.variables = {{.name = "x", .shape = {shape.channels, shape.height, shape.width}}}};
}

evaluation::WalkOptions plan_of(const SampleCommand& command, const Target& target,
                                const SampleClasses& classes) {
  const auto n_classes = static_cast<std::int64_t>(classes.labels.size());
  return {.n = command.n * std::max<std::int64_t>(1, n_classes),
          .burn_in = command.burn_in.value_or(command.adapt ? 1000 : 0),
          .steps = command.steps.value_or(target.n_steps),
          .thinning = command.thinning.value_or(1),
          .adapt = command.adapt,
          .target_acceptance = command.target_acceptance,
          .keep_draws = command.diagnose,
          .trace = command.trace,
          .energy_trace = command.energy_trace,
          .seed = static_cast<std::uint64_t>(command.seed),
          .n_threads = resolve_threads(command.threads),
          .on_progress = show_progress(),
          .parameters = parameters_of(target),
          .context = classes.contexts};
}

/// Data and chains of a buffer that chains of a class start from have that class.
std::vector<float> labels_of_starts(evaluation::StartKind kind, const evaluation::WalkOptions& plan,
                                    const Target& target) {
  const bool has_labels =
      kind == evaluation::StartKind::kData || kind == evaluation::StartKind::kReplay;
  if (!has_labels || plan.context.empty()) return {};
  std::vector<float> labels = plan.context;
  for (float& label : labels) {
    if (label >= static_cast<float>(target.classes)) label = evaluation::kAnyLabel;
  }
  return labels;
}

/// States are kept as starts, in the chains with gradients (and a momentum), and as rows at the
/// end; replicas multiply the chains.
void require_fits(const evaluation::WalkOptions& plan, std::int64_t dim,
                  const samplers::SamplerSettings& settings) {
  const double replicas = settings.sampler == samplers::SamplerKind::kParallelTempering
                              ? static_cast<double>(settings.ladder.size())
                              : 1.0;
  base::require_memory(
      {.option = "n",
       .value = plan.n,
       .what = "states of dim " + std::to_string(dim) +
               (replicas > 1.0 ? ", " + base::number_text(replicas) + " replicas each," : ""),
       .each =
           8.0 * static_cast<double>(dim) + replicas * (12.0 * static_cast<double>(dim) + 24.0)});
  const double n_values = static_cast<double>(plan.steps / plan.thinning) *
                          static_cast<double>(plan.n) * static_cast<double>(dim);
  const bool keeps_trace =
      !plan.trace.empty() &&
      evaluation::draw_trace_kind(plan.trace, "trace") == evaluation::DrawTraceKind::kNetcdf;
  if ((plan.keep_draws || keeps_trace) && n_values > static_cast<double>(kMaxValues)) {
    throw Error(ErrorCode::kUsage, std::string(plan.keep_draws ? "diagnose" : "trace") +
                                       ": the draws would be " + base::number_text(n_values) +
                                       " numbers, and at most 1.07e9 are kept in memory; raise "
                                       "--thinning or lower --n");
  }
}

void run(const SampleCommand& command, const Backends& backends) {
  SampleClasses classes;
  Target target = open_sampled(command, backends, classes);
  const SampleOutput output = plan_output(command, target);
  validate(command, classes);
  const evaluation::WalkOptions plan = plan_of(command, target, classes);
  plan.validate();
  samplers::SamplerSettings settings = target.settings;
  const std::int64_t dim = target.energy->dim();
  apply_sampler_options(command.sampler, dim, plan.burn_in + plan.steps, settings);
  if (plan.adapt) evaluation::require_adaptable(settings);
  samplers::make_kernel(settings);  // throws for a wrong parameter before any work
  require_fits(plan, dim, settings);

  const StartOption start = start_option(command.init);
  const bool are_own = start.kind == evaluation::StartKind::kData && command.data.empty();
  const std::vector<float> starts = read_moved_data(are_own, [&] {
    return evaluation::chain_starts({.kind = start.kind,
                                     .file = start.file,
                                     .data = command.data.empty() ? target.data : command.data,
                                     .n = plan.n,
                                     .seed = plan.seed,
                                     .labels = labels_of_starts(start.kind, plan, target),
                                     .labels_of_data =
                                         [&](const data::Dataset& dataset) {
                                           return evaluation::labels_for_model(
                                               dataset, target.classes, target.class_names,
                                               dataset.name);
                                         },
                                     .on_read = show_reading(),
                                     .on_warning = print_warning},
                                    target.shape, settings.box, target.checkpoint);
  });
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
      classes.names, command.guidance};
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
