#include "app/bench/command.h"

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/bench/layer_table.h"
#include "app/bench/plan.h"
#include "app/bench/result.h"
#include "app/command_line.h"
#include "base/require.h"
#include "base/stop_signal.h"
#include "cli/help_text.h"
#include "report/progress.h"
#include "samplers/initial_states.h"
#include "samplers/throughput/bench_check.h"
#include "samplers/throughput/bench_row.h"
#include "samplers/throughput/bench_timer.h"
#include "samplers/throughput/machine.h"

namespace ebm::app {
namespace {

/// The starts of every case; cases on the same energy with as many chains share theirs.
class Starts {
 public:
  explicit Starts(std::uint64_t seed) : seed_(seed) {}
  const std::vector<float>& of(const samplers::BenchCase& bench_case) {
    const std::int64_t dim = bench_case.energy->dim();
    std::vector<float>& rows = rows_[{bench_case.n_chains, dim}];
    if (rows.empty()) {
      rows.resize(static_cast<std::size_t>(bench_case.n_chains * dim));
      samplers::draw_initial_states({.seed = seed_, .domain = base::Domain::kSampleInit}, 0, dim,
                                    {}, rows);
    }
    return rows;
  }

 private:
  std::uint64_t seed_;
  std::map<std::pair<std::int64_t, std::int64_t>, std::vector<float>> rows_;  // by (n, dim)
};

std::string name_of(const samplers::BenchCase& bench_case) {
  return bench_case.sampler + " on " + bench_case.energy_name +
         " n=" + std::to_string(bench_case.n_chains) +
         " threads=" + std::to_string(bench_case.n_threads);
}

/// Warms up every case, then repeats all of them R times in turn, so that what slows the machine
/// down for a while hits all alike. @return the signal that stopped it, or 0
int measure(std::vector<samplers::BenchTimer>& timers, std::int64_t repetitions,
            std::uint64_t seed) {
  const std::atomic<int>& stop = base::catch_stop_signals();
  report::Progress progress("bench");
  double warm_up = 0.0, left = 0.0, done = 0.0;
  const auto show = [&](const samplers::BenchTimer& timer) {
    // Before the warm-ups have ended nobody knows how long the rest will take.
    const double whole = warm_up * static_cast<double>(repetitions + 1);
    progress.update(left > 0.0 ? (warm_up + done) / whole : 0.0,
                    std::vector<report::ProgressField>{{"at", name_of(timer.bench_case())}},
                    left > 0.0 ? whole - warm_up - done : -1.0);
  };
  for (samplers::BenchTimer& timer : timers) {
    show(timer);
    samplers::check_case(timer.bench_case(), seed);
    timer.warm_up(stop);
    if (stop != 0) return stop;
    warm_up += timer.warm_up_seconds();
  }
  left = warm_up * static_cast<double>(repetitions);
  for (std::int64_t repetition = 0; repetition < repetitions; ++repetition) {
    for (samplers::BenchTimer& timer : timers) {
      show(timer);
      timer.run(stop);
      if (stop != 0) return stop;
      done += timer.warm_up_seconds();
    }
  }
  return 0;
}

int run(const BenchOptions& options, const NetEnergy& torch_energy) {
  const std::vector<samplers::BenchCase> cases = plan_bench(options, torch_energy);
  const auto seed = static_cast<std::uint64_t>(options.seed);
  Starts starts(seed);
  std::vector<samplers::BenchTimer> timers;
  std::vector<int> n_threads;
  for (const samplers::BenchCase& each : cases) {
    timers.emplace_back(each, starts.of(each), seed);
    n_threads.push_back(each.n_threads);
  }
  if (const int signal = measure(timers, options.repetitions, seed); signal != 0) {
    std::fprintf(stderr, "ebm: stopped by signal %d; nothing was printed\n", signal);
    return base::exit_code_of_signal(signal);
  }
  std::vector<samplers::BenchRow> rows;
  for (const samplers::BenchTimer& timer : timers) rows.push_back(samplers::bench_row(timer));
  samplers::compare_with_torch(rows);
  print_bench(options.format, samplers::describe_machine(n_threads), rows);
  return 0;
}

/// Every network's operations one by one.
int run_layers(const BenchOptions& options) {
  base::require_at_least("repetitions", options.repetitions, 1);
  std::vector<NetLayers> all;
  for (const auto& [name, net] : compiled_nets(options)) {
    all.push_back({name, nets::layer_times(*net, options.repetitions)});
  }
  print_layers(options.format, samplers::describe_machine({1}), all);
  return 0;
}

}  // namespace

void add_bench_command(CLI::App& app, int& exit_code, const NetEnergy& torch_energy,
                       const std::function<void()>& hand_over) {
  auto options = std::make_shared<BenchOptions>();
  auto json = std::make_shared<bool>(false);
  auto layers = std::make_shared<bool>(false);
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
  CLI::Option* format =
      sub->add_option("--format", options->format, "table, csv or json")->capture_default_str();
  add_json(*sub, *json)->excludes(format);
  cli::add_examples(*sub, {"ebm bench --net uva --threads 1,2 --n 128",
                           "ebm bench --energy toy:funnel,dim=10 --sampler langevin,hmc,nuts"});
  sub->callback([options, json, layers, &exit_code, torch_energy, hand_over] {
    if (*json) options->format = "json";
    if (options->energies.empty() && options->nets.empty()) options->energies = {"toy:double-well"};
    if (*layers) {
      exit_code = run_layers(*options);
      return;
    }
    if (wants_torch(*options) && !torch_energy) hand_over();
    exit_code = run(*options, torch_energy);
  });
}

}  // namespace ebm::app
