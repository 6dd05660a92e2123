#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/random.h"
#include "samplers/chain_block.h"
#include "samplers/energy.h"
#include "samplers/kernel.h"

namespace ebm::samplers {

/// Which chains advance, and how far.
struct Advance {
  std::int64_t n_steps = 0;
  std::uint64_t first_step = 0;      ///< steps that these chains have made before
  std::uint64_t first_chain_id = 0;  ///< row i is chain first_chain_id + i
  base::RandomKey key = {};
  std::span<const float> context = {};  ///< [n_chains, context_dim], empty if unconditional
};

/// Advances chains, on a CPU or on another device. Trainers sample through this interface alone.
class ChainDriver {
 public:
  virtual ~ChainDriver() = default;
  /// @param rows  [n_chains, dim], advanced in place
  /// @throws Error(kDiverged) naming the chain, the step and the reason; rows are then undefined.
  ///         Error(kShape) for rows or a context of another size than the energy's.
  virtual void advance(std::span<float> rows, const Advance& steps) = 0;
};

/// Throws the error that every driver reports for a chain that became non-finite (NaN or infinity).
[[noreturn]] void throw_diverged(const NonFinite& found, const std::string& hint);

/// Chains in blocks of 16 on this machine's cores, by run_chains(). The memory of the chains is
/// kept for the next advance() of as many, and their momentum if that goes on where this one ended;
/// elsewhere chains begin without one.
class HostChainDriver : public ChainDriver {
 public:
  HostChainDriver(std::shared_ptr<const Energy> energy, std::shared_ptr<const Kernel> kernel,
                  int n_threads);
  void advance(std::span<float> rows, const Advance& steps) override;

 private:
  std::shared_ptr<const Energy> energy_;
  std::shared_ptr<const Kernel> kernel_;
  int n_threads_;
  std::optional<ChainStore> chains_;
  std::uint64_t first_chain_id_ = 0;  // of chains_
  std::uint64_t next_step_ = 0;       // of chains_, 0 if there is none
};

}  // namespace ebm::samplers
