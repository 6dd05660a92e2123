#include "gan/objectives/objective_parts.h"

namespace ebm::gan {
namespace {

/// L = mean ln(1 + e^−(aᵢ − mean b)) + mean ln(1 + e^(bᵢ − mean a)), with its gradients.
void tell_apart(std::span<const float> a, std::span<const float> b, double& value,
                std::vector<double>& a_gradient, std::vector<double>& b_gradient) {
  const double a_mean = mean_of(a), b_mean = mean_of(b);
  add_mean(
      a, [&](double d) { return softplus(b_mean - d); },
      [&](double d) { return -sigmoid(b_mean - d); }, value, a_gradient);
  add_mean(
      b, [&](double d) { return softplus(d - a_mean); },
      [&](double d) { return sigmoid(d - a_mean); }, value, b_gradient);
  // What the means hand on: all members of a set alike.
  double to_b = 0.0, to_a = 0.0;
  for (const float d : a) to_b += sigmoid(b_mean - double{d});
  for (const float d : b) to_a -= sigmoid(double{d} - a_mean);
  const auto n = static_cast<double>(a.size());
  for (double& each : b_gradient) each += to_b / (n * n);
  for (double& each : a_gradient) each += to_a / (n * n);
}

/// Relativistic average: is an item more real than the average of the other kind?
///   L_D = mean ln(1 + e^−(d(x) − mean d(y))) + mean ln(1 + e^(d(y) − mean d(x))),
/// and L_G the same with x and y exchanged.
/// Source: Jolicoeur-Martineau 2019, eq. 11 and 12.
class Relativistic : public Objective {
 public:
  OutputLoss critic_loss(const CriticOutputs& outputs) const override {
    OutputLoss loss = zero_loss(outputs);
    tell_apart(outputs.real, outputs.fake, loss.value, loss.real, loss.fake);
    return loss;
  }

  /// With ∂L/∂d(x) set to 0 by who trains a generator: data do not depend on it.
  OutputLoss generator_loss(const CriticOutputs& outputs) const override {
    OutputLoss loss = zero_loss(outputs);
    tell_apart(outputs.fake, outputs.real, loss.value, loss.fake, loss.real);
    return loss;
  }
};

}  // namespace

std::unique_ptr<const Objective> make_relativistic() { return std::make_unique<Relativistic>(); }

}  // namespace ebm::gan
