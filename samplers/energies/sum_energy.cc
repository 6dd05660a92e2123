#include "samplers/energies/sum_energy.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/aligned_vector.h"
#include "base/error.h"
#include "base/require.h"

namespace ebm::samplers {
namespace {

class SumEvaluator : public Evaluator {
 public:
  SumEvaluator(const std::vector<SumEnergy::Term>& terms, std::int64_t max_blocks)
      : terms_(terms),
        energy_(static_cast<std::size_t>(max_blocks * kLanes)),
        energy_grad_(energy_.size() * static_cast<std::size_t>(terms.front().energy->dim())) {
    for (const auto& term : terms) evaluators_.push_back(term.energy->make_evaluator(max_blocks));
  }

  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    std::fill(energy.begin(), energy.end(), 0.0f);
    std::fill(energy_grad.begin(), energy_grad.end(), 0.0f);
    const std::span<float> term_energy(energy_.data(), energy.size());
    const std::span<float> term_grad(energy_grad_.data(), energy_grad.size());
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      BlockView view = chains;
      if (terms_[i].energy->context_dim() == 0) view.context = {};
      evaluators_[i]->evaluate(view, term_energy, term_grad);
      add(terms_[i].weight, term_energy, energy);
      add(terms_[i].weight, term_grad, energy_grad);
    }
  }

 private:
  static void add(float weight, std::span<const float> term, std::span<float> sum) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += weight * term[i];
  }

  const std::vector<SumEnergy::Term>& terms_;
  std::vector<std::unique_ptr<Evaluator>> evaluators_;
  base::AlignedVector<float> energy_, energy_grad_;
};

}  // namespace

SumEnergy::SumEnergy(std::vector<Term> terms) : terms_(std::move(terms)) {
  base::require_at_least("number of terms", static_cast<std::int64_t>(terms_.size()), 1);
  base::require_given("terms[0].energy", terms_.front().energy.get());
  const std::int64_t dim = terms_.front().energy->dim();
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    const std::string name = "terms[" + std::to_string(i) + "]";
    base::require_given(name + ".energy", terms_[i].energy.get());
    base::require_finite(name + ".weight", double{terms_[i].weight});
    const Energy& energy = *terms_[i].energy;
    if (energy.dim() != dim) {
      throw Error(ErrorCode::kShape, name + " has dim " + std::to_string(energy.dim()) +
                                         ": must be " + std::to_string(dim) + ", as terms[0]");
    }
    if (energy.context_dim() == 0) continue;
    if (context_dim_ != 0 && energy.context_dim() != context_dim_) {
      throw Error(ErrorCode::kShape, name + " has context_dim " +
                                         std::to_string(energy.context_dim()) + ": must be " +
                                         std::to_string(context_dim_) + ", as a term before it");
    }
    context_dim_ = energy.context_dim();
  }
}

std::int64_t SumEnergy::preferred_blocks() const {
  std::int64_t most = 1;
  for (const Term& term : terms_) most = std::max(most, term.energy->preferred_blocks());
  return most;
}

std::unique_ptr<Evaluator> SumEnergy::make_evaluator(std::int64_t max_blocks) const {
  return std::make_unique<SumEvaluator>(terms_, max_blocks);
}

}  // namespace ebm::samplers
