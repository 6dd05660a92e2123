#include "samplers/energies/energy_terms.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/require.h"

namespace ebm::samplers {

std::int64_t require_terms(const std::vector<EnergyTerm>& terms) {
  base::require_at_least("number of terms", static_cast<std::int64_t>(terms.size()), 1);
  base::require_given("terms[0].energy", terms.front().energy.get());
  const std::int64_t dim = terms.front().energy->dim();
  std::int64_t context_dim = 0;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const std::string name = "terms[" + std::to_string(i) + "]";
    base::require_given(name + ".energy", terms[i].energy.get());
    base::require_finite(name + ".weight", double{terms[i].weight});
    const Energy& energy = *terms[i].energy;
    if (energy.dim() != dim) {
      throw Error(ErrorCode::kShape, name + " has dim " + std::to_string(energy.dim()) +
                                         ": must be " + std::to_string(dim) + ", as terms[0]");
    }
    if (energy.context_dim() == 0) continue;
    if (context_dim != 0 && energy.context_dim() != context_dim) {
      throw Error(ErrorCode::kShape, name + " has context_dim " +
                                         std::to_string(energy.context_dim()) + ": must be " +
                                         std::to_string(context_dim) + ", as a term before it");
    }
    context_dim = energy.context_dim();
  }
  return context_dim;
}

std::int64_t preferred_blocks(const std::vector<EnergyTerm>& terms) {
  std::int64_t most = 1;
  for (const EnergyTerm& term : terms) most = std::max(most, term.energy->preferred_blocks());
  return most;
}

TermEvaluators::TermEvaluators(const std::vector<EnergyTerm>& terms, std::int64_t max_blocks)
    : terms_(terms) {
  for (const EnergyTerm& term : terms) {
    evaluators_.push_back(term.energy->make_evaluator(max_blocks));
  }
}

void TermEvaluators::evaluate(std::size_t term, const BlockView& chains, std::span<float> energy,
                              std::span<float> energy_grad) {
  BlockView view = chains;
  if (terms_[term].energy->context_dim() == 0) view.context = {};
  evaluators_[term]->evaluate(view, energy, energy_grad);
}

}  // namespace ebm::samplers
