#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/philox.h"
#include "samplers/chain_block.h"
#include "samplers/energy.h"
#include "samplers/non_finite.h"

namespace ebm::samplers {

/// Address of a kernel's random numbers: word w of step s of a chain is word
/// s·words_per_step + w of the stream of its id.
struct ChainRng {
  base::PhiloxKey key;
  std::uint64_t first_step = 0;  ///< number of the first step that is made now
};

/// Kinds of numbers beside the normals, for base::subkey.
inline constexpr std::uint32_t kUniforms = 1;           ///< of accept decisions
inline constexpr std::uint32_t kTrajectoryLengths = 2;  ///< of HMC
inline constexpr std::uint32_t kSwapUniforms = 3;       ///< of replica exchange

/// Counts of one chain's transitions.
struct ChainInfo {
  std::int64_t n_transitions = 0;  ///< steps with an accept decision
  std::int64_t n_accepted = 0;
  std::int64_t n_gradients = 0;       ///< evaluations of the energy
  std::int64_t n_non_finite = 0;      ///< proposals rejected as their energy was not finite
  std::int64_t n_divergent = 0;       ///< proposals whose energy error was above max_energy_error
  std::int64_t n_swaps_proposed = 0;  ///< with the chain of the next higher temperature
  std::int64_t n_swaps = 0;
  /// Sum of the acceptance probabilities in units of 2⁻²⁴: whole numbers add up to the same sum in
  /// any order, however a run is cut.
  std::int64_t acceptance_units = 0;
  float hamiltonian = 0.0f;  ///< E + kinetic energy at the end of the last transition

  /// Mean acceptance probability; NaN without transitions.
  double acceptance() const;
  ChainInfo& operator+=(const ChainInfo& later);
};

/// Result of Kernel::advance.
struct StepInfo {
  std::int64_t n_steps = 0;             ///< steps made by every chain
  std::optional<NonFinite> non_finite;  ///< set: the chains stopped before n_steps
  std::vector<ChainInfo> lanes;         ///< [n_blocks·kLanes], empty if the kernel counts nothing

  /// Appends the result of the steps that followed.
  StepInfo& operator+=(StepInfo later);
};

/// A transition kernel. Const and stateless: all state is in the blocks and in the counter.
class Kernel {
 public:
  virtual ~Kernel() = default;
  /// Makes n_steps steps with each chain, in place, and sets `evaluated` accordingly.
  /// Stops at the first step after which a chain is not finite, and reports it. Kernels with an
  /// accept step reject proposals that are not finite, and count them.
  virtual StepInfo advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                           std::int64_t n_steps) const = 0;
  /// Whether chains carry a momentum from step to step.
  virtual bool keeps_momentum() const { return false; }
  /// Number of neighbouring chains that form one ensemble: run_chains takes whole ensembles.
  virtual std::int64_t ensemble_size() const { return 1; }
  /// Advice for the error message when a chain became non-finite (NaN or infinity).
  virtual std::string divergence_hint() const = 0;
};

/// Evaluates the starting states of a kernel with an accept step, unless they are evaluated; counts
/// it.
/// @return the chain whose start is not finite: such a kernel rejects non-finite proposals, but
/// needs a finite start
std::optional<NonFinite> evaluate_start(const ChainBlocks& chains, Evaluator& evaluator,
                                        std::uint64_t step, std::vector<ChainInfo>& lanes);
/// Advice for such an error: the start was not finite, or the step was too large.
inline constexpr const char* kStartHint = "the chain has to start where the energy is finite";
std::string step_size_hint(float step_size);

}  // namespace ebm::samplers
