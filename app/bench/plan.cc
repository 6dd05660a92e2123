#include "app/bench/plan.h"

#include <algorithm>
#include <functional>
#include <span>
#include <utility>

#include "app/bench/bench_nets.h"
#include "app/bench/comma_list.h"
#include "app/command_line.h"
#include "base/error.h"
#include "base/names/choice.h"
#include "base/require.h"
#include "base/system/memory_limit.h"
#include "models/toys/toy_energy.h"
#include "nets/architecture/drawn_weights.h"
#include "samplers/kernels/sampler_settings.h"

namespace ebm::app {
namespace {

std::shared_ptr<const samplers::Kernel> kernel_of(samplers::SamplerKind kind,
                                                  const BenchOptions& options) {
  samplers::SamplerSettings settings{
      .sampler = kind,
      .temperature = base::to_float("temperature", options.temperature.value_or(1.0)),
      .n_leapfrog = options.n_leapfrog.value_or(10)};
  settings.step_size = options.step_size ? base::to_float("step-size", *options.step_size)
                                         : samplers::default_step_size(kind);
  // Schedules that change nothing, so that an annealed walk is comparable with what it wraps.
  settings.schedules.temperature.start = options.temperature.value_or(1.0);
  settings.schedules.step_size.start = settings.step_size;
  return samplers::make_kernel(settings);
}

/// The recipe that networks are trained with, as far as it costs time: box and clamped gradient.
std::shared_ptr<const samplers::Kernel> net_kernel_of(samplers::SamplerKind kind,
                                                      const BenchOptions& options) {
  const bool is_langevin = kind == samplers::SamplerKind::kLangevin;
  if (!is_langevin || options.step_size || options.temperature) return kernel_of(kind, options);
  return samplers::make_kernel({.step_size = 10.0f,
                                .noise_scale = 0.005f,
                                .clamp_energy_grad = 0.03f,
                                .box = samplers::Box{-1.0f, 1.0f}});
}

using samplers::BenchBackend;
using EnergyPtr = std::shared_ptr<const samplers::Energy>;

/// An energy to measure, by name and backend.
struct BenchTarget {
  std::string name;
  BenchBackend backend;
  nets::Precision precision;
  std::function<EnergyPtr(int n_threads)> energy;  ///< for chains on that many threads
  double flops;
  EnergyPtr in_float32 = nullptr;  ///< as BenchCase::in_float32
};

/// The same energy for any number of threads.
std::function<EnergyPtr(int)> always(EnergyPtr energy) {
  return [energy = std::move(energy)](int) { return energy; };
}

std::function<EnergyPtr(int)> net_on(BenchBackend backend, nets::Precision precision,
                                     const nets::Architecture& net,
                                     const nets::LayerWeights& weights,
                                     const NetEnergy& torch_energy) {
  if (backend == BenchBackend::kCompiled) {
    return always(of_one_label(std::make_shared<nets::CompiledNet>(net, weights, precision)));
  }
  if (backend == BenchBackend::kTorch) {
    return always(of_one_label(torch_energy(net, weights, /*intraop_threads=*/0)));
  }
  return [=](int n_threads) { return of_one_label(torch_energy(net, weights, n_threads)); };
}

/// The backends of a network on the command line.
std::vector<BenchBackend> net_backends(const BenchOptions& options) {
  // All but the first, of the toys.
  const auto choices = std::span(samplers::kBenchBackends).subspan(1);
  std::vector<BenchBackend> backends;
  for (const std::string& name : split_commas(options.backends)) {
    backends.push_back(base::value_of<BenchBackend>("backend", choices, name));
  }
  return backends;
}

std::vector<samplers::SamplerKind> sampler_kinds(const BenchOptions& options) {
  std::vector<samplers::SamplerKind> kinds;
  for (const std::string& name : split_commas(options.samplers)) {
    kinds.push_back(samplers::sampler_kind(name));
  }
  return kinds;
}

std::vector<BenchTarget> targets_of(const BenchOptions& options, const NetEnergy& torch_energy) {
  std::vector<BenchTarget> targets;
  for (const std::string& name : options.energies) {
    targets.push_back({name, BenchBackend::kAnalytic, nets::Precision::kFloat32,
                       always(models::toy_energy(name)), 0.0});
  }
  if (options.nets.empty()) return targets;
  for (const auto& [name, net] : bench_nets(options)) {
    const nets::LayerWeights weights =
        nets::drawn_weights(net, static_cast<std::uint64_t>(options.seed));
    for (const BenchBackend backend : net_backends(options)) {
      // Forwards and backwards, a product being two.
      const double flops = 4.0 * static_cast<double>(nets::multiply_adds(net));
      // LibTorch computes in float32 alone.
      const auto precisions = backend == BenchBackend::kCompiled
                                  ? bench_precisions(options)
                                  : std::vector{nets::Precision::kFloat32};
      for (const nets::Precision precision : precisions) {
        const EnergyPtr in_float32 =
            precision == nets::Precision::kFloat32
                ? nullptr
                : of_one_label(std::make_shared<nets::CompiledNet>(net, weights));
        targets.push_back({name, backend, precision,
                           net_on(backend, precision, net, weights, torch_energy), flops,
                           in_float32});
      }
    }
  }
  return targets;
}

}  // namespace

std::vector<nets::Precision> bench_precisions(const BenchOptions& options) {
  std::vector<nets::Precision> precisions;
  for (const std::string& name : split_commas(options.precisions)) {
    precisions.push_back(base::value_of<nets::Precision>("precision", nets::kPrecisions, name));
  }
  const auto backends = net_backends(options);
  const bool is_float32 = precisions == std::vector{nets::Precision::kFloat32};
  if (!is_float32 &&
      std::find(backends.begin(), backends.end(), BenchBackend::kCompiled) == backends.end()) {
    throw Error(ErrorCode::kUsage, "precision = " + options.precisions +
                                       ": is for backend = compiled; LibTorch runs in f32");
  }
  return precisions;
}

bool wants_torch(const BenchOptions& options) {
  if (options.nets.empty()) return false;
  const std::vector<BenchBackend> backends = net_backends(options);
  return std::any_of(backends.begin(), backends.end(), [](BenchBackend backend) {
    return backend == BenchBackend::kTorch || backend == BenchBackend::kTorchIntraOp;
  });
}

std::vector<samplers::BenchCase> plan_bench(const BenchOptions& options,
                                            const NetEnergy& torch_energy) {
  base::require_at_least("repetitions", options.repetitions, 1);
  base::require_at_least("seed", options.seed, 0);
  if (!options.nets.empty()) bench_precisions(options);  // throws before any work
  const std::vector<samplers::SamplerKind> kinds = sampler_kinds(options);
  if (options.n_leapfrog) {
    base::require_at_least("leapfrog", *options.n_leapfrog, 1);
    if (std::find(kinds.begin(), kinds.end(), samplers::SamplerKind::kHmc) == kinds.end()) {
      throw Error(ErrorCode::kUsage,
                  "leapfrog: not for " + options.samplers + "; it is an option of hmc");
    }
  }
  if (options.temperature) base::require_positive("temperature", *options.temperature);
  if (options.step_size) base::require_positive("step_size", *options.step_size);
  const auto all_threads = numbers_of("threads", options.threads, 0);
  std::vector<samplers::BenchCase> cases;
  for (const BenchTarget& target : targets_of(options, torch_energy)) {
    const bool is_net = target.backend != BenchBackend::kAnalytic;
    const auto all_n = numbers_of("n",
                                  !options.n.empty() ? options.n
                                  : is_net           ? "128"
                                                     : "100000",
                                  1);
    const auto all_steps = numbers_of("steps",
                                      !options.steps.empty() ? options.steps
                                      : is_net               ? "20"
                                                             : "100",
                                      1);
    for (const samplers::SamplerKind sampler : kinds) {
      const auto kernel = is_net && !is_latent(target.name) ? net_kernel_of(sampler, options)
                                                            : kernel_of(sampler, options);
      for (const std::int64_t n : all_n) {
        for (const std::int64_t steps : all_steps) {
          for (const std::int64_t threads : all_threads) {
            const int n_threads = resolve_threads(threads);
            const EnergyPtr energy = target.energy(n_threads);
            // In the chains, with a gradient and a momentum, and as rows.
            base::require_memory({.option = "n",
                                  .value = n,
                                  .what = "states of dim " + std::to_string(energy->dim()),
                                  .each = 20.0 * static_cast<double>(energy->dim()) + 24.0});
            cases.push_back({.energy_name = target.name,
                             .energy = energy,
                             .backend = target.backend,
                             .precision = base::name_of<nets::Precision>(
                                 "precision", nets::kPrecisions, target.precision),
                             .in_float32 = target.in_float32,
                             .flops = target.flops,
                             .sampler = sampler,
                             .kernel = kernel,
                             .n_chains = n,
                             .n_steps = steps,
                             .n_threads = n_threads});
          }
        }
      }
    }
  }
  return cases;
}

}  // namespace ebm::app
