#include <algorithm>

#include "gan/objective_parts.h"

namespace ebm::gan {
namespace {

/// Hinge: L_D = mean max(0, 1 − d(x)) + mean max(0, 1 + d(y)),   L_G = −mean d(y).
/// Source: Lim & Ye 2017, "Geometric GAN"; Miyato et al. 2018.
class Hinge : public Objective {
 public:
  OutputLoss critic_loss(const CriticOutputs& outputs) const override {
    OutputLoss loss = zero_loss(outputs);
    add_mean(
        outputs.real, [](double d) { return std::max(0.0, 1.0 - d); },
        [](double d) { return d < 1.0 ? -1.0 : 0.0; }, loss.value, loss.real);
    add_mean(
        outputs.fake, [](double d) { return std::max(0.0, 1.0 + d); },
        [](double d) { return d > -1.0 ? 1.0 : 0.0; }, loss.value, loss.fake);
    return loss;
  }

  OutputLoss generator_loss(const CriticOutputs& outputs) const override {
    OutputLoss loss = zero_loss(outputs);
    add_mean(
        outputs.fake, [](double d) { return -d; }, [](double) { return -1.0; }, loss.value,
        loss.fake);
    return loss;
  }
};

}  // namespace

std::unique_ptr<const Objective> make_hinge() { return std::make_unique<Hinge>(); }

}  // namespace ebm::gan
