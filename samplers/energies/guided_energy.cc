#include "samplers/energies/guided_energy.h"

#include <algorithm>
#include <utility>

#include "base/aligned_vector.h"
#include "base/error.h"
#include "base/require.h"

namespace ebm::samplers {
namespace {

/// The chains twice, first with their own labels, then with none.
class GuidedEvaluator : public Evaluator {
 public:
  GuidedEvaluator(const Energy& energy, float none, float weight, std::int64_t max_blocks)
      : evaluator_(energy.make_evaluator(2 * max_blocks)),
        none_(none),
        weight_(weight),
        width_(static_cast<std::size_t>(energy.context_dim()) * kLanes),
        x_(static_cast<std::size_t>(2 * max_blocks * energy.dim()) * kLanes),
        context_(2 * static_cast<std::size_t>(max_blocks) * width_),
        energy_(static_cast<std::size_t>(2 * max_blocks) * kLanes),
        energy_grad_(x_.size()) {}

  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    const auto without = std::copy(chains.x.begin(), chains.x.end(), x_.begin());
    std::copy(chains.x.begin(), chains.x.end(), without);
    const auto labels = std::copy(chains.context.begin(), chains.context.end(), context_.begin());
    std::copy(chains.context.begin(), chains.context.end(), labels);
    for (std::size_t block = 0; block < static_cast<std::size_t>(chains.n_blocks); ++block) {
      std::fill_n(labels + static_cast<std::ptrdiff_t>(block * width_), kLanes, none_);
    }
    evaluator_->evaluate({.n_blocks = 2 * chains.n_blocks,
                          .x = {x_.data(), 2 * chains.x.size()},
                          .context = {context_.data(), 2 * chains.context.size()}},
                         {energy_.data(), 2 * energy.size()},
                         {energy_grad_.data(), 2 * energy_grad.size()});
    mix(energy_, energy);
    mix(energy_grad_, energy_grad);
  }

 private:
  /// @param both  of the label, then of none
  void mix(const base::AlignedVector<float>& both, std::span<float> out) const {
    for (std::size_t i = 0; i < out.size(); ++i) {
      const float without = both[out.size() + i];
      out[i] = without + weight_ * (both[i] - without);
    }
  }

  std::unique_ptr<Evaluator> evaluator_;
  float none_, weight_;
  std::size_t width_;  ///< of the context of a block
  base::AlignedVector<float> x_, context_, energy_, energy_grad_;
};

}  // namespace

GuidedEnergy::GuidedEnergy(std::shared_ptr<const Energy> energy, float none, float weight)
    : energy_(std::move(energy)), none_(none), weight_(weight) {
  base::require_given("energy", energy_.get());
  if (energy_->context_dim() == 0) {
    throw Error(ErrorCode::kUsage, "energy has context_dim 0: must be a conditional energy");
  }
  base::require_finite("none", double{none});
  base::require_finite("guidance", double{weight});
}

std::int64_t GuidedEnergy::preferred_blocks() const {
  const std::int64_t of_energy = energy_->preferred_blocks();
  return of_energy > 0 ? std::max<std::int64_t>(1, of_energy / 2) : 0;
}

std::unique_ptr<Evaluator> GuidedEnergy::make_evaluator(std::int64_t max_blocks) const {
  return std::make_unique<GuidedEvaluator>(*energy_, none_, weight_, max_blocks);
}

}  // namespace ebm::samplers
