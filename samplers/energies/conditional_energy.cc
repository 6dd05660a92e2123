#include "samplers/energies/conditional_energy.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

#include "base/aligned_vector.h"
#include "base/error.h"
#include "base/require.h"

namespace ebm::samplers {
namespace {

class ConditionalEvaluator : public Evaluator {
 public:
  /// @param n_own  numbers of the context that chains have
  ConditionalEvaluator(std::unique_ptr<Evaluator> evaluator, std::size_t n_own,
                       const std::vector<float>& context, std::int64_t max_blocks)
      : evaluator_(std::move(evaluator)),
        own_size_(n_own * kLanes),
        block_size_((n_own + context.size()) * kLanes) {
    lanes_.reserve(block_size_ * static_cast<std::size_t>(max_blocks));
    for (std::int64_t block = 0; block < max_blocks; ++block) {
      lanes_.insert(lanes_.end(), own_size_, 0.0f);
      for (const float value : context) lanes_.insert(lanes_.end(), kLanes, value);
    }
  }

  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    const auto n_blocks = static_cast<std::size_t>(chains.n_blocks);
    for (std::size_t block = 0; block < n_blocks; ++block) {
      const std::span own = chains.context.subspan(block * own_size_, own_size_);
      std::ranges::copy(own, lanes_.begin() + static_cast<std::ptrdiff_t>(block * block_size_));
    }
    const std::size_t size = block_size_ * n_blocks;
    evaluator_->evaluate(
        {.n_blocks = chains.n_blocks, .x = chains.x, .context = {lanes_.data(), size}}, energy,
        energy_grad);
  }

 private:
  std::unique_ptr<Evaluator> evaluator_;
  std::size_t own_size_, block_size_;
  base::AlignedVector<float> lanes_;
};

}  // namespace

ConditionalEnergy::ConditionalEnergy(std::shared_ptr<const Energy> energy,
                                     std::vector<float> context)
    : WrappedEnergy(std::move(energy)), context_(std::move(context)) {
  if (inner().context_dim() == 0) {
    throw Error(ErrorCode::kUsage, "energy has context_dim 0: must be a conditional energy");
  }
  const auto of_energy = static_cast<std::size_t>(inner().context_dim());
  if (context_.empty() || context_.size() > of_energy) {
    base::require_size("context", context_.size(), inner().context_dim(),
                       "the context_dim of the energy");
  }
  base::require_finite("context", context_);
}

std::unique_ptr<Evaluator> ConditionalEnergy::make_evaluator(std::int64_t max_blocks) const {
  return std::make_unique<ConditionalEvaluator>(inner().make_evaluator(max_blocks),
                                                static_cast<std::size_t>(context_dim()), context_,
                                                max_blocks);
}

}  // namespace ebm::samplers
