#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/random.h"
#include "samplers/chain_block.h"
#include "samplers/energy.h"
#include "samplers/kernel.h"

namespace ebm::samplers {

struct AdaptationOptions {
  std::int64_t n_steps = 1000;     ///< all of them burn-in
  double target_acceptance = 0.8;  ///< 0.574 suits MALA, 0.8 HMC and NUTS
  bool adapt_mass = true;          ///< else only the step size
  float step_size = 0.1f;          ///< to start with
  std::uint64_t first_step = 0;    ///< steps that these chains have made before
  base::RandomKey key = {};
  int n_threads = 1;
  std::function<void(std::int64_t n_done)> on_step = nullptr;  ///< called after each; may throw

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// Result of adapt(): a kernel with these parameters needs no adaptation on the same energy.
struct Adapted {
  float step_size;
  std::vector<float> inverse_mass;  ///< [dim]: variances of x; empty if not adapted
  double acceptance;                ///< mean over the last window
};

/// The kernel for a step size and an inverse mass (the preconditioner of MALA); empty: ones.
using MakeAdaptiveKernel = std::function<std::unique_ptr<const Kernel>(
    float step_size, const std::vector<float>& inverse_mass)>;

/// Burn-in that tunes one step size and one diagonal mass for all chains. The chains stay where it
/// ends. The step size follows the mean acceptance of all chains by dual averaging,
///   log h_{t+1} = μ − √t/γ · 1/(t + t₀) · Σ (δ − α),  log h̄ averaged with weights t^−κ,
/// γ = 0.05, t₀ = 10, κ = 0.75, μ = ln(10·h) at the start of each window. The inverse mass is the
/// variance of all chains' states in windows that double, shrunk by 5 draws towards 1e-3 of the
/// geometric mean of the variances (Stan: towards 1e-3, which supposes a target of unit scale); as
/// in Stan an initial part of 15 % at most 75 steps and a last one of 10 % at most 50 tune the step
/// alone, as do fewer than 20 steps in all. Bits do not depend on the number of threads.
/// @throws Error(kUsage) if the kernel has no accept step; what run_chains throws.
/// Source: Hoffman & Gelman 2014, section 3.2; Stan reference manual, "HMC algorithm parameters".
Adapted adapt(const Energy& energy, const MakeAdaptiveKernel& make_kernel, ChainStore& chains,
              const AdaptationOptions& options);

}  // namespace ebm::samplers
