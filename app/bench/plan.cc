#include "app/bench/plan.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "app/bench/bench_nets.h"
#include "app/bench/comma_list.h"
#include "app/command_line.h"
#include "base/error.h"
#include "base/quote.h"
#include "base/require.h"
#include "base/system/memory_limit.h"
#include "models/toys/toy_energy.h"
#include "nets/architecture/drawn_weights.h"
#include "samplers/kernels/sampler_settings.h"

namespace ebm::app {
namespace {

std::shared_ptr<const samplers::Kernel> kernel_of(const std::string& sampler,
                                                  const BenchOptions& options) {
  const samplers::SamplerKind kind = samplers::sampler_kind(sampler);
  samplers::SamplerSettings settings{
      .sampler = kind,
      .temperature = static_cast<float>(options.temperature.value_or(1.0)),
      .n_leapfrog = options.n_leapfrog.value_or(10)};
  settings.step_size = options.step_size ? static_cast<float>(*options.step_size)
                                         : samplers::default_step_size(kind);
  // Schedules that change nothing, so that an annealed walk is comparable with what it wraps.
  settings.schedules.temperature.start = options.temperature.value_or(1.0);
  settings.schedules.step_size.start = settings.step_size;
  return samplers::make_kernel(settings);
}

/// The recipe that networks are trained with, as far as it costs time: box and clamped gradient.
std::shared_ptr<const samplers::Kernel> net_kernel_of(const std::string& sampler,
                                                      const BenchOptions& options) {
  if (sampler != "langevin" || options.step_size || options.temperature)
    return kernel_of(sampler, options);
  return samplers::make_kernel({.step_size = 10.0f,
                                .noise_scale = 0.005f,
                                .clamp_energy_grad = 0.03f,
                                .box = samplers::Box{-1.0f, 1.0f}});
}

using EnergyPtr = std::shared_ptr<const samplers::Energy>;

/// An energy to measure, by name and backend.
struct BenchTarget {
  std::string name, backend;
  std::function<EnergyPtr(int n_threads)> energy;  ///< for chains on that many threads
  double flops;
};

/// The same energy for any number of threads.
std::function<EnergyPtr(int)> always(EnergyPtr energy) {
  return [energy = std::move(energy)](int) { return energy; };
}

std::function<EnergyPtr(int)> net_on(const std::string& backend, const nets::Architecture& net,
                                     const nets::LayerWeights& weights,
                                     const NetEnergy& torch_energy) {
  if (backend == "compiled") return always(std::make_shared<nets::CompiledNet>(net, weights));
  if (backend == "torch") return always(torch_energy(net, weights, /*intraop_threads=*/0));
  if (backend == "torch-intra-op") {
    return [=](int n_threads) { return torch_energy(net, weights, n_threads); };
  }
  throw Error(ErrorCode::kUsage,
              "backend = " + base::quote(backend) + ": must be compiled, torch or torch-intra-op");
}

std::vector<BenchTarget> targets_of(const BenchOptions& options, const NetEnergy& torch_energy) {
  std::vector<BenchTarget> targets;
  for (const std::string& name : options.energies) {
    targets.push_back({name, "analytic", always(models::toy_energy(name)), 0.0});
  }
  if (options.nets.empty()) return targets;
  for (const std::string& name : split_commas(options.nets)) {
    const nets::Architecture net = bench_net(name);
    const nets::LayerWeights weights =
        nets::drawn_weights(net, static_cast<std::uint64_t>(options.seed));
    for (const std::string& backend : split_commas(options.backends)) {
      // Forwards and backwards, a product being two.
      const double flops = 4.0 * static_cast<double>(nets::multiply_adds(net));
      targets.push_back({name, backend, net_on(backend, net, weights, torch_energy), flops});
    }
  }
  return targets;
}

}  // namespace

bool wants_torch(const BenchOptions& options) {
  const auto backends = split_commas(options.backends);
  const auto is_torch = [](const std::string& word) {
    return word == "torch" || word == "torch-intra-op";
  };
  return !options.nets.empty() && std::any_of(backends.begin(), backends.end(), is_torch);
}

std::vector<samplers::BenchCase> plan_bench(const BenchOptions& options,
                                            const NetEnergy& torch_energy) {
  base::require_at_least("repetitions", options.repetitions, 1);
  base::require_at_least("seed", options.seed, 0);
  if (options.n_leapfrog) {
    base::require_at_least("leapfrog", *options.n_leapfrog, 1);
    const auto samplers = split_commas(options.samplers);
    if (std::find(samplers.begin(), samplers.end(), "hmc") == samplers.end()) {
      throw Error(ErrorCode::kUsage,
                  "leapfrog: not for " + options.samplers + "; it is an option of hmc");
    }
  }
  if (options.temperature) base::require_positive("temperature", *options.temperature);
  if (options.step_size) base::require_positive("step_size", *options.step_size);
  const auto all_threads = numbers_of("threads", options.threads, 0);
  std::vector<samplers::BenchCase> cases;
  for (const BenchTarget& target : targets_of(options, torch_energy)) {
    const bool is_net = target.backend != "analytic";
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
    for (const std::string& sampler : split_commas(options.samplers)) {
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
