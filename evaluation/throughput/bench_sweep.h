#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evaluation/throughput/bench_networks.h"
#include "nets/architecture/layer_weights.h"
#include "samplers/energy.h"
#include "samplers/kernels/sampler_settings.h"
#include "samplers/throughput/bench_case.h"

namespace ebm::evaluation {

/// What a benchmark measures: lists that are swept in all combinations, single values for the rest.
struct BenchSweep {
  std::vector<std::string> toys = {};  ///< toy:NAME[,KEY=VALUE]...
  BenchNetworks networks = {};
  std::vector<samplers::SamplerKind> kinds = {samplers::SamplerKind::kLangevin};
  std::vector<std::int64_t> n_chains = {};  ///< empty: 100000 for toys and 128 for networks
  std::vector<std::int64_t> n_steps = {};   ///< empty: 100 and 20
  std::vector<int> n_threads = {1};
  std::optional<double> step_size = std::nullopt;         ///< the sampler's default unless set
  std::optional<double> temperature = std::nullopt;       ///< 1 unless set
  std::optional<std::int64_t> n_leapfrog = std::nullopt;  ///< of hmc, 10 unless set

  /// @throws Error(kUsage) naming the option, the entry found and what would be right
  void validate() const;
};

/// A network with given layer weights as an energy of LibTorch.
/// @param intraop_threads  of LibTorch, which then is given all chains at once; 0: groups of chains
///                         side by side, with one intra-op thread each
using TorchNetEnergy = std::function<std::shared_ptr<const samplers::Energy>(
    const nets::Architecture& architecture, const nets::LayerWeights& weights,
    int intraop_threads)>;

/// All combinations, the last list varying fastest. Networks take Langevin steps with the box and
/// the clamped gradient of the training recipe unless a step size or a temperature is set.
/// @param torch_energy  for the backends torch and torch-intra-op; may be empty without them
/// @throws what validate(), toy_energy() and named_networks() do; Error(kUsage) if chains do not
/// fit
///         into memory
std::vector<samplers::BenchCase> bench_cases(const BenchSweep& sweep,
                                             const TorchNetEnergy& torch_energy);

}  // namespace ebm::evaluation
