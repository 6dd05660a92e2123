#include "samplers/energies/class_energy.h"

#include <algorithm>
#include <utility>

#include "base/aligned_vector.h"
#include "base/error.h"
#include "base/require.h"

namespace ebm::samplers {
namespace {

class ClassEvaluator : public Evaluator {
 public:
  ClassEvaluator(const Energy& energy, float label, std::int64_t max_blocks)
      : evaluator_(energy.make_evaluator(max_blocks)),
        width_(static_cast<std::size_t>(energy.context_dim() * kLanes)),
        context_(static_cast<std::size_t>(max_blocks) * width_, label) {}

  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    const auto n_blocks = static_cast<std::size_t>(chains.n_blocks);
    const std::size_t rest = width_ - kLanes;
    for (std::size_t block = 0; block < n_blocks; ++block) {
      std::ranges::copy(chains.context.subspan(block * rest, rest),
                        context_.begin() + static_cast<std::ptrdiff_t>(block * width_ + kLanes));
    }
    evaluator_->evaluate({.n_blocks = chains.n_blocks,
                          .x = chains.x,
                          .context = std::span<const float>(context_).first(n_blocks * width_)},
                         energy, energy_grad);
  }

 private:
  std::unique_ptr<Evaluator> evaluator_;
  std::size_t width_;  // of the context of a block
  base::AlignedVector<float> context_;
};

}  // namespace

ClassEnergy::ClassEnergy(std::shared_ptr<const Energy> energy, float label)
    : WrappedEnergy(std::move(energy)), label_(label) {
  if (inner().context_dim() < 2) {
    throw Error(ErrorCode::kUsage, "energy has context_dim " +
                                       std::to_string(inner().context_dim()) +
                                       ": must read a label and another number");
  }
  base::require_finite("label", double{label});
}

std::unique_ptr<Evaluator> ClassEnergy::make_evaluator(std::int64_t max_blocks) const {
  return std::make_unique<ClassEvaluator>(inner(), label_, max_blocks);
}

}  // namespace ebm::samplers
