#include "samplers/energies/tempered_energy.h"

#include <utility>

#include "base/require.h"

namespace ebm::samplers {
namespace {

class TemperedEvaluator : public Evaluator {
 public:
  TemperedEvaluator(std::unique_ptr<Evaluator> evaluator, float temperature)
      : evaluator_(std::move(evaluator)), temperature_(temperature) {}

  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    evaluator_->evaluate(chains, energy, energy_grad);
    for (float& value : energy) value /= temperature_;
    for (float& value : energy_grad) value /= temperature_;
  }

 private:
  std::unique_ptr<Evaluator> evaluator_;
  float temperature_;
};

}  // namespace

TemperedEnergy::TemperedEnergy(std::shared_ptr<const Energy> energy, float temperature)
    : WrappedEnergy(std::move(energy)), temperature_(temperature) {
  base::require_positive("temperature", double{temperature});
}

std::optional<double> TemperedEnergy::log_z() const {
  if (temperature_ != 1.0f) return std::nullopt;
  return inner().log_z();
}

std::unique_ptr<Evaluator> TemperedEnergy::make_evaluator(std::int64_t max_blocks) const {
  return std::make_unique<TemperedEvaluator>(inner().make_evaluator(max_blocks), temperature_);
}

}  // namespace ebm::samplers
