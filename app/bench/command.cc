#include "app/bench/command.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "app/bench/bench_nets.h"
#include "app/bench/layer_table.h"
#include "app/bench/plan.h"
#include "app/bench/result.h"
#include "app/bench/result_table.h"
#include "app/command_line.h"
#include "app/json_text.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/names/choice.h"
#include "base/require.h"
#include "base/stop_signal.h"
#include "cli/given_options.h"
#include "cli/help_text.h"
#include "report/bench_comparison.h"
#include "report/output_file.h"
#include "report/png.h"
#include "report/progress.h"
#include "report/scaling_plot.h"
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

bool wants_bf16(const BenchOptions& options) {
  const auto precisions = bench_precisions(options);
  return std::find(precisions.begin(), precisions.end(), nets::Precision::kBfloat16) !=
         precisions.end();
}

/// What a case or a row ran, and how fast.
template <class Run>
report::ScalingPoint point_of(const Run& run, const std::string& energy, double rate) {
  std::string what = energy + ", " + samplers::sampler_name(run.sampler);
  if (run.backend != samplers::BenchBackend::kAnalytic) {
    what += std::string(", ") + base::name_of("backend", samplers::kBenchBackends, run.backend) +
            ", " + run.precision;
  }
  what += ", " + std::to_string(run.n_steps) + " steps";
  return {std::move(what), run.n_threads, run.n_chains, rate};
}

void run(const BenchOptions& options, const NetEnergy& torch_energy) {
  const std::vector<samplers::BenchCase> cases = plan_bench(options, torch_energy);
  std::vector<int> n_threads;
  std::vector<report::ScalingPoint> points;
  for (const samplers::BenchCase& each : cases) {
    n_threads.push_back(each.n_threads);
    points.push_back(point_of(each, each.energy_name, 1.0));
  }
  if (!options.plot.empty()) report::scaling_plot("", points);  // throws before any work
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
  const samplers::Machine machine = samplers::describe_machine(n_threads, wants_bf16(options));
  show_result(options, [&](BenchFormat format) {
    return format == BenchFormat::kCsv ? bench_csv(machine, rows) : bench_json(machine, rows);
  });
  if (options.format == BenchFormat::kTable) print_bench_table(machine, rows);
  if (!options.plot.empty()) {
    points.clear();
    for (const auto& row : rows) points.push_back(point_of(row, row.energy, row.chain_steps_per_s));
    report::write_png(options.plot,
                      report::scaling_plot(machine.cpu + ", " + machine.simd, points));
  }
}

/// Refuses options that have no effect beside --compare.
void run_comparison(const BenchOptions& options, const std::vector<std::string>& given) {
  for (const std::string& name : given) {
    if (name == "compare" || name == "json" || name == "format") continue;
    throw Error(ErrorCode::kUsage, name + ": not valid with --compare, which measures nothing");
  }
  if (options.format == BenchFormat::kCsv) {
    throw Error(ErrorCode::kUsage, "format = csv: must be table or json with --compare");
  }
  const std::string& a = options.compare[0];
  const std::string& b = options.compare[1];
  const std::string first = base::read_text_file(a);
  const report::BenchComparison found =
      report::compare_benches(first, a, base::read_text_file(b), b);
  std::printf("%s", options.format == BenchFormat::kJson
                        ? (json_text(report::comparison_json(found)) + "\n").c_str()
                        : report::comparison_text(found).c_str());
}

/// Every network's operations one by one.
void run_layers(const BenchOptions& options) {
  base::require_at_least("repetitions", options.repetitions, 1);
  std::vector<NetLayers> all;
  for (const auto& [name, precision, net] : compiled_nets(options)) {
    all.push_back({name, precision, nets::layer_times(*net, options.repetitions)});
  }
  const samplers::Machine machine = samplers::describe_machine({1}, wants_bf16(options));
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
  sub->add_option("--precision", options->precisions,
                  "of --net by compiled: f32, bf16 (bfloat16 operands, float32 sums)")
      ->needs(nets)
      ->capture_default_str()
      ->group(group);
  sub->add_option("--classes", options->classes,
                  "of --net: numbers of classes that it gets; 0 = no condition")
      ->needs(nets)
      ->capture_default_str()
      ->group(group);
  sub->add_option("--condition-by", options->condition_by,
                  "of --classes: film, projection or logits")
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
  sub->add_option("--plot", options->plot,
                  "FILE.png of how the rates grow with threads and with chains")
      ->type_name("FILE");
  sub->add_option(
         "--compare", options->compare,
         "A.json B.json, two files of --out: the rates of B over those of A, for rows that "
         "ran the same; measures nothing")
      ->type_name("FILE FILE")
      ->expected(2);
  CLI::Option* format_option =
      sub->add_option("--format", *format, "table, csv or json")->capture_default_str();
  add_json(*sub, *json)->excludes(format_option);
  cli::add_examples(*sub, {"ebm bench --net uva --threads 1,2 --n 128 --out uva.csv",
                           "ebm bench --energy toy:funnel,dim=10 --sampler langevin,hmc,nuts"});
  sub->callback([sub, options, json, layers, format, torch_energy, hand_over] {
    options->format =
        *json ? BenchFormat::kJson : base::value_of<BenchFormat>("format", kBenchFormats, *format);
    if (!options->compare.empty()) return run_comparison(*options, cli::given_options(*sub));
    if (options->energies.empty() && options->nets.empty()) options->energies = {"toy:double-well"};
    if (!options->out.empty()) {
      report::require_output(options->out, {report::OutputKind::kCsv, report::OutputKind::kJson});
    }
    if (!options->plot.empty()) {
      report::require_output(options->plot, {report::OutputKind::kPng}, "plot");
      if (*layers) throw Error(ErrorCode::kUsage, "plot: not for --layers");
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
