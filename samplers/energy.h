#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "samplers/chain_block.h"

namespace ebm::samplers {

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
  /// E(x) and ∇ₓE(x) of every chain. Non-finite values are passed on as they are: who walks on the
  /// energy decides what they mean.
  /// @param energy       [n_blocks, kLanes], written
  /// @param energy_grad  [n_blocks, dim, kLanes], written
  virtual void evaluate(const BlockView& chains, std::span<float> energy,
                        std::span<float> energy_grad) = 0;
};

/// An energy E: R^dim → R, low = likely; a density exp(−E(x)/T)/Z. Immutable while sampled and
/// shared by all threads.
class Energy {
 public:
  virtual ~Energy() = default;
  virtual std::int64_t dim() const = 0;
  virtual std::int64_t context_dim() const { return 0; }
  /// How many blocks one call of evaluate takes best.
  virtual std::int64_t preferred_blocks() const { return 1; }
  /// ln ∫exp(−E(x)) dx at T = 1, in nats, where it is known in closed form or by quadrature in one
  /// dimension or by enumeration; nothing otherwise.
  virtual std::optional<double> log_z() const { return std::nullopt; }
  /// @param max_blocks  the most blocks that one call of evaluate will get
  virtual std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const = 0;
};

}  // namespace ebm::samplers
