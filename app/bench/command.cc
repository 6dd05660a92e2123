#include "app/bench/command.h"

#include <cstdio>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/bench/options.h"
#include "app/bench/outputs.h"
#include "app/command_line.h"
#include "app/json_text.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/require.h"
#include "base/stop_signal.h"
#include "cli/given_options.h"
#include "cli/help_text.h"
#include "evaluation/throughput/layer_report.h"
#include "evaluation/throughput/throughput_report.h"
#include "evaluation/throughput/throughput_table.h"
#include "report/bench_comparison.h"
#include "report/output_file.h"
#include "report/progress.h"
#include "samplers/throughput/machine.h"
#include "samplers/throughput/measure_cases.h"

namespace ebm::app {
namespace {

samplers::Machine machine_with(const std::vector<int>& n_threads, bool has_bf16) {
  samplers::Machine machine = samplers::describe_machine(n_threads, has_bf16);
  machine.version = EBM_VERSION;
  return machine;
}

std::string name_of(const samplers::BenchCase& bench_case) {
  return samplers::sampler_name(bench_case.sampler) + " on " + bench_case.energy_name +
         " n=" + std::to_string(bench_case.n_chains) +
         " threads=" + std::to_string(bench_case.n_threads);
}

void run(const BenchOptions& options, const evaluation::BenchSweep& sweep,
         const evaluation::TorchNetEnergy& torch_energy) {
  const std::vector<samplers::BenchCase> cases = evaluation::bench_cases(sweep, torch_energy);
  if (!options.plot.empty()) require_plot(cases);
  report::Progress progress("bench");
  const auto show = [&](const samplers::MeasureProgress& now) {
    progress.update(now.fraction, std::vector<report::ProgressField>{{"at", name_of(now.at)}},
                    now.seconds_left.value_or(-1.0));
  };
  std::vector<samplers::BenchRow> rows =
      samplers::measure_cases(cases,
                              {.repetitions = options.repetitions,
                               .seed = static_cast<std::uint64_t>(options.seed),
                               .on_progress = show},
                              base::catch_stop_signals());
  progress.finish();
  samplers::compare_with_torch(rows);
  const samplers::Machine machine = machine_with(sweep.n_threads, sweep.networks.has_bf16());
  show_result(options, {.json = [&] { return evaluation::throughput_json(machine, rows); },
                        .csv = [&] { return evaluation::throughput_csv(machine, rows); },
                        .table = [&] { return evaluation::throughput_table(machine, rows); }});
  if (!options.plot.empty()) write_plot(options.plot, machine, rows);
}

/// Every network's operations one by one.
void run_layers(const BenchOptions& options, const evaluation::BenchNetworks& networks) {
  base::require_at_least("repetitions", options.repetitions, 1);
  std::vector<evaluation::NetworkLayers> all;
  for (const auto& [name, precision, net] : evaluation::compiled_networks(networks)) {
    all.push_back({name, precision, nets::layer_times(*net, options.repetitions)});
  }
  const samplers::Machine machine = machine_with({1}, networks.has_bf16());
  show_result(options, {.json = [&] { return evaluation::layers_json(machine, all); },
                        .csv = [&] { return evaluation::layers_csv(machine, all); },
                        .table = [&] { return evaluation::layers_table(machine, all); }});
}

/// Refuses options that have no effect beside --compare.
void run_comparison(const BenchOptions& options, const std::vector<std::string>& given) {
  for (const std::string& name : given) {
    if (name == "compare" || name == "json" || name == "format") continue;
    throw Error(ErrorCode::kUsage, name + ": not valid with --compare, which measures nothing");
  }
  if (options.stdout_format() == BenchFormat::kCsv) {
    throw Error(ErrorCode::kUsage, "format = csv: must be table or json with --compare");
  }
  const std::string& a = options.compare[0];
  const std::string& b = options.compare[1];
  const std::string first = base::read_text_file(a);
  const report::BenchComparison found =
      report::compare_benches(first, a, base::read_text_file(b), b);
  std::printf("%s", options.stdout_format() == BenchFormat::kJson
                        ? (json_text(report::comparison_json(found)) + "\n").c_str()
                        : report::comparison_text(found).c_str());
}

void run_bench(BenchOptions options, const std::vector<std::string>& given,
               const evaluation::TorchNetEnergy& torch_energy,
               const std::function<void()>& hand_over) {
  options.stdout_format();  // throws before any work
  if (!options.compare.empty()) return run_comparison(options, given);
  if (options.energies.empty() && options.nets.empty()) options.energies = {"toy:double-well"};
  if (!options.out.empty()) {
    report::require_output(options.out, {report::OutputKind::kCsv, report::OutputKind::kJson});
  }
  if (!options.plot.empty()) {
    report::require_output(options.plot, {report::OutputKind::kPng}, "plot");
    if (options.layers) throw Error(ErrorCode::kUsage, "plot: not for --layers");
  }
  const evaluation::BenchNetworks networks = networks_of(options);
  if (options.layers) return run_layers(options, networks);
  if (networks.needs_torch() && !torch_energy) hand_over();
  base::require_at_least("repetitions", options.repetitions, 1);
  run(options, sweep_of(options, networks), torch_energy);
}

}  // namespace

void add_bench_command(CLI::App& app, const evaluation::TorchNetEnergy& torch_energy,
                       const std::function<void()>& hand_over) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App* sub = app.add_subcommand(
      "bench", "Measure chain-steps per second; lists are swept in all combinations");
  add_bench_options(*sub, *options);
  cli::add_examples(*sub, {"ebm bench --net uva --threads 1,2 --n 128 --out uva.csv",
                           "ebm bench --energy toy:funnel,dim=10 --sampler langevin,hmc,nuts"});
  sub->callback([sub, options, torch_energy, hand_over] {
    run_bench(*options, cli::given_options(*sub), torch_energy, hand_over);
  });
}

}  // namespace ebm::app
