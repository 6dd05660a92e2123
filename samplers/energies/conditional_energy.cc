#include "samplers/energies/conditional_energy.h"

#include <utility>

#include "base/aligned_vector.h"
#include "base/error.h"
#include "base/require.h"

namespace ebm::samplers {
namespace {

class ConditionalEvaluator : public Evaluator {
 public:
  ConditionalEvaluator(std::unique_ptr<Evaluator> evaluator, const std::vector<float>& context,
                       std::int64_t max_blocks)
      : evaluator_(std::move(evaluator)), block_size_(context.size() * kLanes) {
    lanes_.reserve(block_size_ * static_cast<std::size_t>(max_blocks));
    for (std::int64_t block = 0; block < max_blocks; ++block) {
      for (const float value : context) lanes_.insert(lanes_.end(), kLanes, value);
    }
  }

  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    const std::size_t size = block_size_ * static_cast<std::size_t>(chains.n_blocks);
    evaluator_->evaluate(
        {.n_blocks = chains.n_blocks, .x = chains.x, .context = {lanes_.data(), size}}, energy,
        energy_grad);
  }

 private:
  std::unique_ptr<Evaluator> evaluator_;
  std::size_t block_size_;
  base::AlignedVector<float> lanes_;
};

}  // namespace

ConditionalEnergy::ConditionalEnergy(std::shared_ptr<const Energy> energy,
                                     std::vector<float> context)
    : WrappedEnergy(std::move(energy)), context_(std::move(context)) {
  if (inner().context_dim() == 0) {
    throw Error(ErrorCode::kUsage, "energy has context_dim 0: must be a conditional energy");
  }
  base::require_size("context", context_.size(), inner().context_dim(),
                     "the context_dim of the energy");
  base::require_finite("context", context_);
}

std::unique_ptr<Evaluator> ConditionalEnergy::make_evaluator(std::int64_t max_blocks) const {
  return std::make_unique<ConditionalEvaluator>(inner().make_evaluator(max_blocks), context_,
                                                max_blocks);
}

}  // namespace ebm::samplers
