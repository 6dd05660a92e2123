#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "samplers/kernel.h"
#include "samplers/kernels/schedule.h"

namespace ebm::samplers {

struct AnnealedOptions {
  std::int64_t n_steps = 1000;  ///< of the schedules; steps after them keep the last values
  Schedule temperature = {};
  Schedule step_size = {};

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// Another kernel whose temperature and step size follow schedules: simulated annealing down to
/// modes, or a slow path from a flat density to the target. The step of a chain, counted from its
/// start, decides where the schedules stand, so that a run may be cut anywhere. Source:
/// Kirkpatrick, Gelatt, Vecchi 1983.
class Annealed : public Kernel {
 public:
  /// The kernel for a step size and a temperature.
  using MakeKernel =
      std::function<std::unique_ptr<const Kernel>(float step_size, float temperature)>;

  /// @throws Error(kUsage) if the options are invalid.
  Annealed(MakeKernel make_kernel, const AnnealedOptions& options);
  StepInfo advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                   std::int64_t n_steps) const override;
  bool keeps_momentum() const override;
  std::string divergence_hint() const override;

 private:
  std::unique_ptr<const Kernel> kernel_at(std::uint64_t step) const;

  MakeKernel make_kernel_;
  AnnealedOptions options_;
};

}  // namespace ebm::samplers
