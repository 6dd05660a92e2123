#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "samplers/chain_block.h"

namespace ebm::samplers {

struct LangevinWalk;

/// n_blocks consecutive blocks of states, read only.
struct BlockView {
  std::int64_t n_blocks;
  std::span<const float> x;        ///< [n_blocks, dim, kLanes]
  std::span<const float> context;  ///< [n_blocks, context_dim, kLanes], empty if unconditional
};

/// One thread's scratch bound to an Energy: evaluation neither allocates nor locks.
class Evaluator {
 public:
  virtual ~Evaluator() = default;
  /// E(x) and ∇ₓE(x) of every chain. Non-finite values are passed on: the sampler decides what they
  /// mean.
  /// @param energy       [n_blocks, kLanes], written
  /// @param energy_grad  [n_blocks, dim, kLanes], written
  virtual void evaluate(const BlockView& chains, std::span<float> energy,
                        std::span<float> energy_grad) = 0;

  /// Whether walk_langevin can be called: an energy of one or two coordinates whose arithmetic is
  /// compiled into a Langevin step, the state staying in registers.
  virtual bool can_walk_langevin() const { return false; }
  /// Makes all steps of a walk, with the bits that step by step would give.
  /// @return whether every energy, gradient and state was finite; if not, the output is undefined
  virtual bool walk_langevin(const LangevinWalk& /*walk*/) { return false; }
};

/// An energy E: R^dim → R, low where a state is likely; a density exp(−E(x)/T)/Z. Immutable while
/// sampled and shared by all threads.
class Energy {
 public:
  virtual ~Energy() = default;
  virtual std::int64_t dim() const = 0;
  virtual std::int64_t context_dim() const { return 0; }
  /// How many blocks every call of evaluate gets (but for the last one), where that decides the
  /// speed or the bits. 0: the driver chooses, as blocks are independent. More than there are: all
  /// of them in one call.
  virtual std::int64_t preferred_blocks() const { return 0; }
  /// ln ∫exp(−E(x)) dx at T = 1, in nats, where it is known in closed form or by quadrature in one
  /// dimension or by enumeration; nothing otherwise.
  virtual std::optional<double> log_z() const { return std::nullopt; }
  /// @param max_blocks  the largest number of blocks in one call of evaluate
  virtual std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const = 0;
};

}  // namespace ebm::samplers
