#include "app/bench/options.h"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "app/command_line.h"
#include "base/error.h"
#include "base/require.h"
#include "cli/comma_list.h"

namespace ebm::app {
namespace {

/// The values that a comma-separated list names.
template <class E>
std::vector<E> values_of(const char* option, std::span<const base::Choice<E>> choices,
                         const std::string& list) {
  std::vector<E> values;
  for (const std::string& name : cli::split_commas(list)) {
    values.push_back(base::value_of<E>(option, choices, name));
  }
  return values;
}

}  // namespace

BenchFormat BenchOptions::stdout_format() const {
  return json ? BenchFormat::kJson : base::value_of<BenchFormat>("format", kBenchFormats, format);
}

void add_bench_options(CLI::App& sub, BenchOptions& options) {
  const char* group = "What to measure (comma-separated lists)";
  sub.add_option("--energy", options.energies,
                 "toy:NAME[,dim=D]; may be repeated [toy:double-well]")
      ->type_name("TOY")
      ->expected(1)
      ->take_all()
      ->group(group);
  CLI::Option* nets =
      sub.add_option("--net", options.nets,
                     "presets with random weights, e.g. uva,mnistnet; GENERATOR+CRITIC, e.g. "
                     "dcgan28+dcgan, is an energy of latents")
          ->type_name("NET")
          ->group(group);
  sub.add_option("--backend", options.backends, "of --net: compiled, torch, torch-intra-op")
      ->needs(nets)
      ->capture_default_str()
      ->group(group);
  sub.add_option("--precision", options.precisions,
                 "of --net by compiled: f32, bf16 (bfloat16 operands, float32 sums)")
      ->needs(nets)
      ->capture_default_str()
      ->group(group);
  sub.add_option("--classes", options.classes,
                 "of --net: numbers of classes of a conditional network; 0 = unconditional")
      ->needs(nets)
      ->capture_default_str()
      ->group(group);
  sub.add_option("--condition-by", options.condition_by, "of --classes: film, projection or logits")
      ->needs(nets)
      ->capture_default_str()
      ->group(group);
  sub.add_option("--sampler", options.samplers, "samplers, as of ebm sample")
      ->capture_default_str()
      ->group(group);
  sub.add_option("--n,--chains", options.n, "numbers of chains [100000; networks 128]")
      ->group(group);
  sub.add_option("--steps", options.steps, "steps per run [100; networks 20]")->group(group);
  sub.add_option("--threads", options.threads, "numbers of threads; 0 = one per core")
      ->capture_default_str()
      ->group(group);
  group = "Sampler";
  sub.add_option("--step-size", options.step_size, "step size [the sampler's own]")->group(group);
  sub.add_option("--temperature", options.temperature,
                 "T of exp(-E/T) [1; networks: the training recipe's]")
      ->group(group);
  sub.add_option("--leapfrog", options.n_leapfrog, "hmc: leapfrog steps [10]")->group(group);
  sub.add_option("--repetitions", options.repetitions, "timed runs of each combination")
      ->capture_default_str();
  sub.add_flag("--layers", options.layers,
               "of --net: the time of each layer instead, for 16 chains on one thread")
      ->needs(nets);
  add_seed(sub, options.seed);
  sub.add_option("--out", options.out,
                 "FILE.csv or FILE.json for the rows, with the processor, "
                 "SIMD target and version")
      ->type_name("FILE");
  sub.add_option("--plot", options.plot,
                 "FILE.png of how the rates grow with threads and with chains")
      ->type_name("FILE");
  sub.add_option("--compare", options.compare,
                 "A.json B.json, two files of --out: the rates of B over those of A, for rows that "
                 "ran the same; measures nothing")
      ->type_name("FILE FILE")
      ->expected(2);
  CLI::Option* format_option =
      sub.add_option("--format", options.format, "table, csv or json")->capture_default_str();
  add_json(sub, options.json)->excludes(format_option);
}

evaluation::BenchNetworks networks_of(const BenchOptions& options) {
  if (options.nets.empty()) return {};
  // All backends but the first, of the toys.
  const auto backends = std::span(samplers::kBenchBackends).subspan(1);
  // What throws stands before the initialiser, in which GCC 12 would destroy the members twice.
  std::vector<std::int64_t> classes = cli::numbers_of("classes", options.classes, 0);
  const auto condition_by = base::value_of<nets::ClassCondition>(
      "condition-by", nets::kClassConditions, options.condition_by);
  auto used = values_of<samplers::BenchBackend>("backend", backends, options.backends);
  auto precisions = values_of<nets::Precision>("precision", nets::kPrecisions, options.precisions);
  return {.names = cli::split_commas(options.nets),
          .classes = std::move(classes),
          .condition_by = condition_by,
          .backends = std::move(used),
          .precisions = std::move(precisions),
          .seed = static_cast<std::uint64_t>(options.seed)};
}

evaluation::BenchSweep sweep_of(const BenchOptions& options, evaluation::BenchNetworks networks) {
  base::require_at_least("seed", options.seed, 0);
  evaluation::BenchSweep sweep{.toys = options.energies,
                               .networks = std::move(networks),
                               .kinds = {},
                               .n_chains = {},
                               .n_steps = {},
                               .n_threads = {},
                               .step_size = options.step_size,
                               .temperature = options.temperature,
                               .n_leapfrog = options.n_leapfrog};
  for (const std::string& name : cli::split_commas(options.samplers)) {
    sweep.kinds.push_back(samplers::sampler_kind(name));
  }
  if (!options.n.empty()) sweep.n_chains = cli::numbers_of("n", options.n, 1);
  if (!options.steps.empty()) sweep.n_steps = cli::numbers_of("steps", options.steps, 1);
  for (const std::int64_t threads : cli::numbers_of("threads", options.threads, 0)) {
    sweep.n_threads.push_back(resolve_threads(threads));
  }
  return sweep;
}

}  // namespace ebm::app
