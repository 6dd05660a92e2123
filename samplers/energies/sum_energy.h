#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "samplers/energies/energy_terms.h"
#include "samplers/energy.h"
#include "samplers/parameters.h"

namespace ebm::samplers {

/// E(x) = Σ_i w_i·E_i(x): a product of experts, or a prior and a likelihood. Terms that are
/// conditional all get the same context.
class SumEnergy : public Energy, public NamedParameters {
 public:
  using Term = EnergyTerm;  ///< its weight may have any sign

  /// @throws what require_terms() throws.
  explicit SumEnergy(std::vector<Term> terms);
  std::int64_t dim() const override { return terms_.front().energy->dim(); }
  std::int64_t context_dim() const override { return context_dim_; }
  std::int64_t preferred_blocks() const override { return samplers::preferred_blocks(terms_); }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;
  /// Those of the first term.
  Parameters parameters() const override { return parameters_of(*terms_.front().energy); }

 private:
  std::vector<Term> terms_;
  std::int64_t context_dim_;
};

}  // namespace ebm::samplers
