#include "gan/objective_parts.h"

namespace ebm::gan {
namespace {

/// Least squares: L_D = ½ mean (d(x) − 1)² + ½ mean d(y)²,   L_G = ½ mean (d(y) − 1)².
/// Source: Mao et al. 2017, eq. 9.
class LeastSquares : public Objective {
 public:
  OutputLoss critic_loss(const CriticOutputs& outputs) const override {
    OutputLoss loss = zero_loss(outputs);
    add_mean(outputs.real, to_one, to_one_slope, loss.value, loss.real);
    add_mean(
        outputs.fake, [](double d) { return 0.5 * d * d; }, [](double d) { return d; }, loss.value,
        loss.fake);
    return loss;
  }

  OutputLoss generator_loss(const CriticOutputs& outputs) const override {
    OutputLoss loss = zero_loss(outputs);
    add_mean(outputs.fake, to_one, to_one_slope, loss.value, loss.fake);
    return loss;
  }

 private:
  static double to_one(double d) { return 0.5 * (d - 1.0) * (d - 1.0); }
  static double to_one_slope(double d) { return d - 1.0; }
};

}  // namespace

std::unique_ptr<const Objective> make_least_squares() { return std::make_unique<LeastSquares>(); }

}  // namespace ebm::gan
