#include "app/bench/command.h"

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/bench/bench_nets.h"
#include "app/bench/layer_table.h"
#include "app/bench/plan.h"
#include "app/bench/result.h"
#include "app/bench/result_table.h"
#include "app/command_line.h"
#include "app/output_file.h"
#include "base/atomic_file.h"
#include "base/names/choice.h"
#include "base/require.h"
#include "base/stop_signal.h"
#include "cli/help_text.h"
#include "report/progress.h"
#include "samplers/throughput/machine.h"
#include "samplers/throughput/measure_cases.h"

namespace ebm::app {
namespace {

std::string name_of(const samplers::BenchCase& bench_case) {
  return samplers::sampler_name(bench_case.sampler) + " on " + bench_case.energy_name +
         " n=" + std::to_string(bench_case.n_chains) +
         " threads=" + std::to_string(bench_case.n_threads);
}

/// Writes the file of --out, and prints what is no table.
/// @param text_of  as CSV or JSON
void show_result(const BenchOptions& options,
                 const std::function<std::string(BenchFormat)>& text_of) {
  if (!options.out.empty()) {
    const bool is_csv = options.out.ends_with(".csv");
    base::write_file_atomically(options.out,
                                text_of(is_csv ? BenchFormat::kCsv : BenchFormat::kJson));
  }
  if (options.format == BenchFormat::kTable) return;
  std::printf("%s", text_of(options.format).c_str());
}

void run(const BenchOptions& options, const NetEnergy& torch_energy) {
  const std::vector<samplers::BenchCase> cases = plan_bench(options, torch_energy);
  std::vector<int> n_threads;
  for (const samplers::BenchCase& each : cases) n_threads.push_back(each.n_threads);
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
  const samplers::Machine machine = samplers::describe_machine(n_threads);
  show_result(options, [&](BenchFormat format) {
    return format == BenchFormat::kCsv ? bench_csv(machine, rows) : bench_json(machine, rows);
  });
  if (options.format == BenchFormat::kTable) print_bench_table(machine, rows);
}

/// Every network's operations one by one.
void run_layers(const BenchOptions& options) {
  base::require_at_least("repetitions", options.repetitions, 1);
  std::vector<NetLayers> all;
  for (const auto& [name, net] : compiled_nets(options)) {
    all.push_back({name, nets::layer_times(*net, options.repetitions)});
  }
  const samplers::Machine machine = samplers::describe_machine({1});
  show_result(options, [&](BenchFormat format) {
    return format == BenchFormat::kCsv ? layers_csv(machine, all) : layers_json(machine, all);
  });
  if (options.format == BenchFormat::kTable) print_layer_table(machine, all);
}

}  // namespace

void add_bench_command(CLI::App& app, const NetEnergy& torch_energy,
                       const std::function<void()>& hand_over) {
  auto options = std::make_shared<BenchOptions>();
  auto json = std::make_shared<bool>(false);
  auto layers = std::make_shared<bool>(false);
  auto format = std::make_shared<std::string>("table");
  CLI::App* sub = app.add_subcommand(
      "bench", "Measure chain-steps per second; lists are swept in all combinations");
  const char* group = "What to measure (comma-separated lists)";
  sub->add_option("--energy", options->energies,
                  "toy:NAME[,dim=D]; may be repeated [toy:double-well]")
      ->type_name("TOY")
      ->expected(1)
      ->take_all()
      ->group(group);
  CLI::Option* nets =
      sub->add_option("--net", options->nets,
                      "presets with random weights, e.g. uva,mnistnet; GENERATOR+CRITIC, e.g. "
                      "dcgan28+dcgan, is an energy of latents")
          ->type_name("NET")
          ->group(group);
  sub->add_option("--backend", options->backends, "of --net: compiled, torch, torch-intra-op")
      ->needs(nets)
      ->capture_default_str()
      ->group(group);
  sub->add_option("--sampler", options->samplers, "samplers, as of ebm sample")
      ->capture_default_str()
      ->group(group);
  sub->add_option("--n,--chains", options->n, "numbers of chains [100000; networks 128]")
      ->group(group);
  sub->add_option("--steps", options->steps, "steps per run [100; networks 20]")->group(group);
  sub->add_option("--threads", options->threads, "numbers of threads; 0 = one per core")
      ->capture_default_str()
      ->group(group);
  group = "Sampler";
  sub->add_option("--step-size", options->step_size, "step size [the sampler's own]")->group(group);
  sub->add_option("--temperature", options->temperature,
                  "T of exp(-E/T) [1; networks: the training recipe's]")
      ->group(group);
  sub->add_option("--leapfrog", options->n_leapfrog, "hmc: leapfrog steps [10]")->group(group);
  sub->add_option("--repetitions", options->repetitions, "timed runs of each combination")
      ->capture_default_str();
  sub->add_flag("--layers", *layers,
                "of --net: the time of each layer instead, for 16 chains on one thread")
      ->needs(nets);
  add_seed(*sub, options->seed);
  sub->add_option("--out", options->out,
                  "FILE.csv or FILE.json for the rows, with the processor, "
                  "SIMD target and version")
      ->type_name("FILE");
  CLI::Option* format_option =
      sub->add_option("--format", *format, "table, csv or json")->capture_default_str();
  add_json(*sub, *json)->excludes(format_option);
  cli::add_examples(*sub, {"ebm bench --net uva --threads 1,2 --n 128 --out uva.csv",
                           "ebm bench --energy toy:funnel,dim=10 --sampler langevin,hmc,nuts"});
  sub->callback([options, json, layers, format, torch_energy, hand_over] {
    options->format =
        *json ? BenchFormat::kJson : base::value_of<BenchFormat>("format", kBenchFormats, *format);
    if (options->energies.empty() && options->nets.empty()) options->energies = {"toy:double-well"};
    if (!options->out.empty()) {
      require_output(options->out, std::vector{OutputKind::kCsv, OutputKind::kJson});
    }
    if (*layers) {
      run_layers(*options);
      return;
    }
    if (wants_torch(*options) && !torch_energy) hand_over();
    run(*options, torch_energy);
  });
}

}  // namespace ebm::app
