#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/aligned_vector.h"
#include "samplers/simd/lane_count.h"

namespace ebm::samplers {

/// A mutable view of n_blocks consecutive blocks of 16 chains: what a kernel advances.
struct ChainBlocks {
  std::int64_t n_blocks = 0;
  std::int64_t dim = 0;
  std::span<float> x;            ///< [n_blocks, dim, kLanes], data units
  std::span<float> energy;       ///< [n_blocks, kLanes], of the state last evaluated
  std::span<float> energy_grad;  ///< [n_blocks, dim, kLanes], of the state last evaluated
  std::span<float> momentum;     ///< [n_blocks, dim, kLanes], empty unless the kernel keeps one
  /// [n_blocks]: 1 if energy and energy_grad are those of the current x, and finite, so that a
  /// kernel need neither evaluate nor check them again.
  std::span<std::uint8_t> evaluated;
  std::span<const std::uint64_t> chain_id;  ///< [n_blocks, kLanes], address of the random numbers
  std::span<const float> temperature;       ///< [n_blocks, kLanes], factor on the kernel's
  std::span<const float> context;  ///< [n_blocks, context_dim, kLanes], empty if unconditional

  /// Blocks first, ..., first + n − 1 of these.
  ChainBlocks blocks(std::int64_t first, std::int64_t n) const;
};

/// @throws Error(kShape) "`what` has `found` values; expected `expected`" unless they agree.
void require_size(std::size_t found, std::int64_t expected, const char* what);

/// Storage of n chains in ceil(n / 16) blocks. The lanes of a ragged last block are filled with
/// copies of its last chain, id included, and dropped by store_rows.
class ChainStore {
 public:
  /// Chains with ids first_chain_id, first_chain_id + 1, ...; all states zero, temperature 1.
  /// @throws Error(kShape) if n_chains or dim is not positive.
  ChainStore(std::int64_t n_chains, std::int64_t dim, std::int64_t context_dim = 0,
             std::uint64_t first_chain_id = 0);

  std::int64_t n_chains() const { return n_chains_; }
  std::int64_t n_blocks() const { return n_blocks_; }
  std::int64_t dim() const { return dim_; }
  std::int64_t context_dim() const { return context_dim_; }

  /// Sets every state from row-major rows [n_chains, dim]. @throws Error(kShape) on another size.
  void load_rows(std::span<const float> rows);
  /// Row-major states [n_chains, dim]. @throws Error(kShape) on another size.
  void store_rows(std::span<float> rows) const;
  /// Sets the context of every chain from rows [n_chains, context_dim].
  void load_context(std::span<const float> rows);
  /// Sets the temperature factor of every chain, [n_chains].
  /// @throws Error(kUsage) on one that is negative or not finite.
  void set_temperature(std::span<const float> temperature);
  /// Gives every chain a momentum of zero, unless it has one.
  void require_momentum();
  /// To be called before the chains sample from another energy.
  void forget_energy();
  /// Energies [n_chains] of the states last evaluated.
  void store_energy(std::span<float> energy) const;
  /// Row-major energy gradients [n_chains, dim] of those states.
  void store_energy_grad(std::span<float> rows) const;

  /// Blocks first, ..., first + n − 1.
  ChainBlocks blocks(std::int64_t first, std::int64_t n);

 private:
  std::int64_t chain_of(std::int64_t block, std::int64_t lane) const;
  void load_lanes(std::span<const float> rows, std::int64_t width, std::span<float> lanes) const;
  void store_lanes(const base::AlignedVector<float>& lanes, std::span<float> rows) const;

  std::int64_t n_chains_;
  std::int64_t n_blocks_;
  std::int64_t dim_;
  std::int64_t context_dim_;
  base::AlignedVector<float> x_;
  base::AlignedVector<float> energy_;
  base::AlignedVector<float> energy_grad_;
  base::AlignedVector<float> momentum_;
  std::vector<std::uint8_t> evaluated_;
  base::AlignedVector<float> temperature_;
  base::AlignedVector<float> context_;
  base::AlignedVector<std::uint64_t> chain_id_;
};

}  // namespace ebm::samplers
