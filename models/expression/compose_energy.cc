#include "models/expression/compose_energy.h"

#include <cstddef>
#include <utility>

#include "base/require.h"
#include "samplers/energies/mixture_energy.h"
#include "samplers/energies/sum_energy.h"

namespace ebm::models {
namespace {

samplers::EnergyTerm term_of(const ScaledEnergy& scaled) {
  return {scaled.energy, base::to_float("weight", scaled.factor)};
}

std::shared_ptr<const samplers::Energy> whole_of(const ScaledEnergy& scaled) {
  if (scaled.factor == 1.0) return scaled.energy;
  return std::make_shared<samplers::SumEnergy>(std::vector{term_of(scaled)});
}

/// Takes the leaves one after the other.
class Composer {
 public:
  Composer(const std::vector<ScaledEnergy>& leaves, double temperature)
      : leaves_(leaves), temperature_(temperature) {}

  ScaledEnergy weighted(const Expression& expression) {
    ScaledEnergy made = unweighted(expression);
    made.factor *= expression.weight;
    return made;
  }

 private:
  ScaledEnergy unweighted(const Expression& expression) {
    if (is_leaf(expression)) return leaves_[next_++];
    std::vector<samplers::EnergyTerm> terms;
    if (expression.kind == Expression::Kind::kMixture) {
      for (const Expression& term : expression.terms) {
        terms.push_back({whole_of(unweighted(term)), base::to_float("weight", term.weight)});
      }
      return {std::make_shared<samplers::MixtureEnergy>(std::move(terms),
                                                        static_cast<float>(temperature_))};
    }
    if (expression.terms.size() == 1) return weighted(expression.terms.front());
    for (const Expression& term : expression.terms) terms.push_back(term_of(weighted(term)));
    return {std::make_shared<samplers::SumEnergy>(std::move(terms))};
  }

  const std::vector<ScaledEnergy>& leaves_;
  double temperature_;
  std::size_t next_ = 0;
};

}  // namespace

std::shared_ptr<const samplers::Energy> compose_energy(const Expression& expression,
                                                       const std::vector<ScaledEnergy>& leaves,
                                                       double temperature) {
  return whole_of(Composer(leaves, temperature).weighted(expression));
}

}  // namespace ebm::models
