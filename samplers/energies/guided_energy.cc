#include "samplers/energies/guided_energy.h"

#include <algorithm>
#include <utility>

#include "base/aligned_vector.h"
#include "base/error.h"
#include "base/require.h"

namespace ebm::samplers {
namespace {

/// One evaluator with the chains' labels and one with none: each keeps what it makes of its
/// context.
class GuidedEvaluator : public Evaluator {
 public:
  GuidedEvaluator(const Energy& energy, float none, float weight, std::int64_t max_blocks)
      : labelled_(energy.make_evaluator(max_blocks)),
        unlabelled_(energy.make_evaluator(max_blocks)),
        none_(none),
        weight_(weight),
        context_(static_cast<std::size_t>(max_blocks * energy.context_dim() * kLanes)),
        energy_(static_cast<std::size_t>(max_blocks * kLanes)),
        energy_grad_(static_cast<std::size_t>(max_blocks * energy.dim() * kLanes)) {}

  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    labelled_->evaluate(chains, energy, energy_grad);
    const std::span context = std::span(context_).first(chains.context.size());
    std::copy(chains.context.begin(), chains.context.end(), context.begin());
    const std::size_t of_block = context.size() / static_cast<std::size_t>(chains.n_blocks);
    for (std::size_t at = 0; at < context.size(); at += of_block) {
      std::fill_n(context.begin() + static_cast<std::ptrdiff_t>(at), kLanes, none_);
    }
    const std::span without = std::span(energy_).first(energy.size());
    const std::span grad_without = std::span(energy_grad_).first(energy_grad.size());
    unlabelled_->evaluate({.n_blocks = chains.n_blocks, .x = chains.x, .context = context}, without,
                          grad_without);
    mix(without, energy);
    mix(grad_without, energy_grad);
  }

 private:
  void mix(std::span<const float> without, std::span<float> out) const {
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = without[i] + weight_ * (out[i] - without[i]);
    }
  }

  std::unique_ptr<Evaluator> labelled_, unlabelled_;
  float none_, weight_;
  base::AlignedVector<float> context_, energy_, energy_grad_;
};

}  // namespace

GuidedEnergy::GuidedEnergy(std::shared_ptr<const Energy> energy, float none, float weight)
    : WrappedEnergy(std::move(energy)), none_(none), weight_(weight) {
  if (inner().context_dim() == 0) {
    throw Error(ErrorCode::kUsage, "energy has context_dim 0: must be a conditional energy");
  }
  base::require_finite("none", double{none});
  base::require_finite("guidance", double{weight});
}

std::unique_ptr<Evaluator> GuidedEnergy::make_evaluator(std::int64_t max_blocks) const {
  return std::make_unique<GuidedEvaluator>(inner(), none_, weight_, max_blocks);
}

}  // namespace ebm::samplers
