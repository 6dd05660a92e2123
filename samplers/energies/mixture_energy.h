#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "samplers/energies/energy_terms.h"
#include "samplers/energy.h"
#include "samplers/parameters.h"

namespace ebm::samplers {

/// E(x) = −T ln Σ_i w_i·exp(−E_i(x)/T): where any of the energies is low. exp(−E/T) is the sum of
/// the unnormalised densities w_i·exp(−E_i/T); so the share of a term is w_i·Z_i, and not w_i
/// unless the normalisers are the same. The gradient is Σ_i p_i·∇E_i with p_i the share of term i
/// at x. Terms that are conditional all get the same context.
/// Source: Du, Li & Mordatch 2020, "Compositional Visual Generation with Energy Based Models"
/// (disjunction).
class MixtureEnergy : public Energy, public NamedParameters {
 public:
  using Term = EnergyTerm;  ///< its weight is positive

  /// @param temperature  T
  /// @throws what require_terms() throws; Error(kUsage) if a weight or T is not positive.
  explicit MixtureEnergy(std::vector<Term> terms, float temperature = 1.0f);
  std::int64_t dim() const override { return terms_.front().energy->dim(); }
  std::int64_t context_dim() const override { return context_dim_; }
  std::int64_t preferred_blocks() const override { return samplers::preferred_blocks(terms_); }
  /// ln Σ_i w_i·Z_i if T is 1 and all Z_i are known.
  std::optional<double> log_z() const override;
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;
  /// Those of the first term.
  Parameters parameters() const override { return parameters_of(*terms_.front().energy); }

 private:
  std::vector<Term> terms_;
  float temperature_;
  std::int64_t context_dim_;
};

}  // namespace ebm::samplers
