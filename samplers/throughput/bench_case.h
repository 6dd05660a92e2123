#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/names/choice.h"
#include "samplers/energy.h"
#include "samplers/kernel.h"
#include "samplers/kernels/sampler_settings.h"

namespace ebm::samplers {

/// What evaluates an energy.
enum class BenchBackend {
  kAnalytic,      ///< its formula
  kCompiled,      ///< the compiled plan of a network
  kTorch,         ///< LibTorch, groups of chains side by side
  kTorchIntraOp,  ///< LibTorch, all chains at once
};

inline constexpr base::Choice<BenchBackend> kBenchBackends[] = {
    {"analytic", BenchBackend::kAnalytic},
    {"compiled", BenchBackend::kCompiled},
    {"torch", BenchBackend::kTorch},
    {"torch-intra-op", BenchBackend::kTorchIntraOp}};

/// Names of the numbers that a network multiplies, as --precision takes them.
inline constexpr const char* kFloat32Name = "f32";
inline constexpr const char* kBfloat16Name = "bf16";

/// What a measurement of throughput runs: chains of a kernel on an energy.
struct BenchCase {
  std::string energy_name;
  std::shared_ptr<const Energy> energy;
  BenchBackend backend = BenchBackend::kAnalytic;
  std::string precision = kFloat32Name;
  /// The same energy in float32, for one of less precision, whose rounded energies have no
  /// difference quotients; null otherwise.
  std::shared_ptr<const Energy> in_float32 = nullptr;
  /// Multiplications and additions of one energy and its gradient in the products of a network,
  /// products with padding included; 0 if not counted.
  double flops = 0.0;
  SamplerKind sampler = SamplerKind::kLangevin;
  std::shared_ptr<const Kernel> kernel;
  std::int64_t n_chains;
  std::int64_t n_steps;
  int n_threads;
};

}  // namespace ebm::samplers
