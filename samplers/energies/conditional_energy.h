#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "samplers/energies/wrapped_energy.h"

namespace ebm::samplers {

/// E(x; (b, c)) with one c for all chains, the last numbers of the energy's context; chains have
/// the rest, b, as theirs. Where c is all of it, as of a class-conditional network at one class,
/// the energy has no context. Chains with a context each are set by ChainStore::load_context
/// instead.
class ConditionalEnergy : public WrappedEnergy {
 public:
  /// @param context  c, at most [context_dim of energy]
  /// @throws Error(kUsage) if energy is null, has no context or a value of c is not finite;
  ///         Error(kShape) if c is empty or longer.
  ConditionalEnergy(std::shared_ptr<const Energy> energy, std::vector<float> context);
  std::int64_t context_dim() const override {
    return inner().context_dim() - static_cast<std::int64_t>(context_.size());
  }
  /// Of the energy, which states one only if it is the same for every context.
  std::optional<double> log_z() const override { return inner().log_z(); }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

 private:
  std::vector<float> context_;
};

}  // namespace ebm::samplers
