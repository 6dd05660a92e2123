#pragma once

#include <cstdint>
#include <memory>

#include "samplers/energy.h"
#include "samplers/parameters.h"

namespace ebm::samplers {

/// Base of energies that are made of one other: they have its coordinates, its context, its
/// parameters and its groups of blocks unless they say otherwise.
class WrappedEnergy : public Energy, public NamedParameters {
 public:
  std::int64_t dim() const override { return energy_->dim(); }
  std::int64_t context_dim() const override { return energy_->context_dim(); }
  std::int64_t preferred_blocks() const override { return energy_->preferred_blocks(); }
  /// Those of the energy.
  Parameters parameters() const override { return parameters_of(*energy_); }

 protected:
  /// @throws Error(kUsage) if energy is null.
  explicit WrappedEnergy(std::shared_ptr<const Energy> energy);
  /// That other one.
  const Energy& inner() const { return *energy_; }

 private:
  std::shared_ptr<const Energy> energy_;
};

}  // namespace ebm::samplers
