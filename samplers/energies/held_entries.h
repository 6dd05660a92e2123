#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "samplers/energy.h"

namespace ebm::samplers {

/// E(u; c) = E(x), where x has the values c of its context at the entries that are held and u at
/// the others, both in their order: exp(−E(u; c)/T) is the density of the other entries given the
/// held ones, so that any sampler draws from it. What is known without noise is held.
class HeldEntries : public Energy {
 public:
  /// @param is_held  [energy.dim()], 1 where an entry is held
  /// @throws Error(kUsage) if energy is null or has a context itself, or if no entry or every entry
  ///         is held; Error(kShape) for another number of flags
  HeldEntries(std::shared_ptr<const Energy> energy, std::vector<std::uint8_t> is_held);
  /// Entries that are free.
  std::int64_t dim() const override { return static_cast<std::int64_t>(free_.size()); }
  /// Entries that are held.
  std::int64_t context_dim() const override { return static_cast<std::int64_t>(held_.size()); }
  std::int64_t preferred_blocks() const override { return energy_->preferred_blocks(); }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

  /// The free entries of row-major states. @param rows [n, energy.dim()] @return [n, dim()]
  std::vector<float> free_rows(const std::vector<float>& rows) const;
  /// Row-major states of free and held entries.
  /// @param free  [n, dim()]
  /// @param held  [n, context_dim()]
  /// @return [n, energy.dim()]
  std::vector<float> full_rows(const std::vector<float>& free,
                               const std::vector<float>& held) const;

 private:
  std::shared_ptr<const Energy> energy_;
  std::vector<std::int64_t> free_, held_;  ///< their places
};

}  // namespace ebm::samplers
