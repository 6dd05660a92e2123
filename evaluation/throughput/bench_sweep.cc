#include "evaluation/throughput/bench_sweep.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/names/choice.h"
#include "base/require.h"
#include "base/system/memory_limit.h"
#include "models/toys/toy_energy.h"
#include "nets/architecture/drawn_weights.h"

namespace ebm::evaluation {
namespace {

using samplers::BenchBackend;
using samplers::SamplerKind;
using EnergyPtr = std::shared_ptr<const samplers::Energy>;

std::shared_ptr<const samplers::Kernel> kernel_of(SamplerKind kind, const BenchSweep& sweep) {
  samplers::SamplerSettings settings{
      .sampler = kind,
      .temperature = base::to_float("temperature", sweep.temperature.value_or(1.0)),
      .n_leapfrog = sweep.n_leapfrog.value_or(10)};
  settings.step_size = sweep.step_size ? base::to_float("step-size", *sweep.step_size)
                                       : samplers::default_step_size(kind);
  // Schedules that change nothing, so that an annealed walk is comparable with what it wraps.
  settings.schedules.temperature.start = sweep.temperature.value_or(1.0);
  settings.schedules.step_size.start = settings.step_size;
  return samplers::make_kernel(settings);
}

/// The recipe that networks are trained with, as far as it costs time: box and clamped gradient.
std::shared_ptr<const samplers::Kernel> network_kernel_of(SamplerKind kind,
                                                          const BenchSweep& sweep) {
  const bool is_langevin = kind == SamplerKind::kLangevin;
  if (!is_langevin || sweep.step_size || sweep.temperature) return kernel_of(kind, sweep);
  return samplers::make_kernel({.step_size = 10.0f,
                                .noise_scale = 0.005f,
                                .clamp_energy_grad = 0.03f,
                                .box = samplers::Box{-1.0f, 1.0f}});
}

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

std::function<EnergyPtr(int)> network_on(BenchBackend backend, nets::Precision precision,
                                         const nets::Architecture& net,
                                         const nets::LayerWeights& weights,
                                         const TorchNetEnergy& torch_energy) {
  if (backend == BenchBackend::kCompiled) {
    return always(of_one_label(std::make_shared<nets::CompiledNet>(net, weights, precision)));
  }
  if (backend == BenchBackend::kTorch) {
    return always(of_one_label(torch_energy(net, weights, /*intraop_threads=*/0)));
  }
  return [=](int n_threads) { return of_one_label(torch_energy(net, weights, n_threads)); };
}

std::vector<BenchTarget> targets_of(const BenchSweep& sweep, const TorchNetEnergy& torch_energy) {
  std::vector<BenchTarget> targets;
  for (const std::string& name : sweep.toys) {
    targets.push_back({name, BenchBackend::kAnalytic, nets::Precision::kFloat32,
                       always(models::toy_energy(name)), 0.0});
  }
  for (const auto& [name, net] : named_networks(sweep.networks)) {
    const nets::LayerWeights weights = nets::drawn_weights(net, sweep.networks.seed);
    for (const BenchBackend backend : sweep.networks.backends) {
      // Forwards and backwards, a product being two.
      const double flops = 4.0 * static_cast<double>(nets::multiply_adds(net));
      const auto precisions = backend == BenchBackend::kCompiled
                                  ? sweep.networks.precisions
                                  : std::vector{nets::Precision::kFloat32};
      for (const nets::Precision precision : precisions) {
        const EnergyPtr in_float32 =
            precision == nets::Precision::kFloat32
                ? nullptr
                : of_one_label(std::make_shared<nets::CompiledNet>(net, weights));
        targets.push_back({name, backend, precision,
                           network_on(backend, precision, net, weights, torch_energy), flops,
                           in_float32});
      }
    }
  }
  return targets;
}

/// In the chains, with a gradient and a momentum, and as rows.
void require_memory_for(std::int64_t n, std::int64_t dim) {
  base::require_memory({.option = "n",
                        .value = n,
                        .what = "states of dim " + std::to_string(dim),
                        .each = 20.0 * static_cast<double>(dim) + 24.0});
}

}  // namespace

void BenchSweep::validate() const {
  if (!networks.names.empty()) networks.validate();
  if (n_leapfrog) {
    base::require_at_least("leapfrog", *n_leapfrog, 1);
    if (std::find(kinds.begin(), kinds.end(), SamplerKind::kHmc) == kinds.end()) {
      std::string names;
      for (const SamplerKind kind : kinds) {
        names += (names.empty() ? "" : ",") + samplers::sampler_name(kind);
      }
      throw Error(ErrorCode::kUsage, "leapfrog: not for " + names + "; it is an option of hmc");
    }
  }
  if (temperature) base::require_positive("temperature", *temperature);
  if (step_size) base::require_positive("step_size", *step_size);
  for (const std::int64_t n : n_chains) base::require_at_least("n", n, 1);
  for (const std::int64_t steps : n_steps) base::require_at_least("steps", steps, 1);
  for (const int threads : n_threads) base::require_at_least("threads", threads, 1);
}

std::vector<samplers::BenchCase> bench_cases(const BenchSweep& sweep,
                                             const TorchNetEnergy& torch_energy) {
  sweep.validate();
  const auto or_default = [](const std::vector<std::int64_t>& list, std::int64_t value) {
    return list.empty() ? std::vector{value} : list;
  };
  std::vector<samplers::BenchCase> cases;
  for (const BenchTarget& target : targets_of(sweep, torch_energy)) {
    const bool is_network = target.backend != BenchBackend::kAnalytic;
    const auto all_n = or_default(sweep.n_chains, is_network ? 128 : 100000);
    const auto all_steps = or_default(sweep.n_steps, is_network ? 20 : 100);
    for (const SamplerKind sampler : sweep.kinds) {
      const auto kernel = is_network && !is_latent(target.name) ? network_kernel_of(sampler, sweep)
                                                                : kernel_of(sampler, sweep);
      for (const std::int64_t n : all_n) {
        for (const std::int64_t steps : all_steps) {
          for (const int n_threads : sweep.n_threads) {
            const EnergyPtr energy = target.energy(n_threads);
            require_memory_for(n, energy->dim());
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

}  // namespace ebm::evaluation
