#include "samplers/energies/sum_energy.h"

#include <algorithm>
#include <utility>

#include "base/aligned_vector.h"

namespace ebm::samplers {
namespace {

class SumEvaluator : public Evaluator {
 public:
  SumEvaluator(const std::vector<SumEnergy::Term>& terms, std::int64_t max_blocks)
      : terms_(terms),
        evaluators_(terms, max_blocks),
        energy_(static_cast<std::size_t>(max_blocks * kLanes)),
        energy_grad_(energy_.size() * static_cast<std::size_t>(terms.front().energy->dim())) {}

  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    std::fill(energy.begin(), energy.end(), 0.0f);
    std::fill(energy_grad.begin(), energy_grad.end(), 0.0f);
    const std::span<float> term_energy(energy_.data(), energy.size());
    const std::span<float> term_grad(energy_grad_.data(), energy_grad.size());
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      evaluators_.evaluate(i, chains, term_energy, term_grad);
      add(terms_[i].weight, term_energy, energy);
      add(terms_[i].weight, term_grad, energy_grad);
    }
  }

 private:
  static void add(float weight, std::span<const float> term, std::span<float> sum) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += weight * term[i];
  }

  const std::vector<SumEnergy::Term>& terms_;
  TermEvaluators evaluators_;
  base::AlignedVector<float> energy_, energy_grad_;
};

}  // namespace

SumEnergy::SumEnergy(std::vector<Term> terms)
    : terms_(std::move(terms)), context_dim_(require_terms(terms_)) {}

std::unique_ptr<Evaluator> SumEnergy::make_evaluator(std::int64_t max_blocks) const {
  return std::make_unique<SumEvaluator>(terms_, max_blocks);
}

}  // namespace ebm::samplers
