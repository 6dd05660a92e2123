#include "gan/objective_parts.h"

namespace ebm::gan {
namespace {

/// Non-saturating: the critic is a classifier by logistic regression, and the generator maximises
/// the chance that it is taken for data,
///   L_D = mean ln(1 + e^−d(x)) + mean ln(1 + e^d(y)),   L_G = mean ln(1 + e^−d(y)).
/// With weight > 0 also weight·mean ‖∇D(x)‖² at the data: R1 with γ = 2·weight.
/// Source: Goodfellow et al. 2014; Mescheder, Geiger, Nowozin 2018, eq. 9.
class NonSaturating : public Objective {
 public:
  explicit NonSaturating(double penalty) : penalty_(penalty) {}

  OutputLoss critic_loss(const CriticOutputs& outputs) const override {
    OutputLoss loss = zero_loss(outputs);
    add_mean(
        outputs.real, [](double d) { return softplus(-d); }, [](double d) { return -sigmoid(-d); },
        loss.value, loss.real);
    add_mean(outputs.fake, softplus, sigmoid, loss.value, loss.fake);
    return loss;
  }

  OutputLoss generator_loss(const CriticOutputs& outputs) const override {
    OutputLoss loss = zero_loss(outputs);
    add_mean(
        outputs.fake, [](double d) { return softplus(-d); }, [](double d) { return -sigmoid(-d); },
        loss.value, loss.fake);
    return loss;
  }

  std::optional<SlopePenalty> slope_penalty() const override {
    if (penalty_ == 0.0) return std::nullopt;
    return squared_slope(penalty_);
  }

 private:
  double penalty_;
};

}  // namespace

std::unique_ptr<const Objective> make_non_saturating(double penalty) {
  return std::make_unique<NonSaturating>(penalty);
}

}  // namespace ebm::gan
