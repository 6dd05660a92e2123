#include <string>

#include "base/error.h"
#include "gan/objectives/objective_parts.h"

namespace ebm::gan {
namespace {

/// Quadratic potential: no bound on gradients, but a penalty of differences in units of distance,
///   L_D = −mean δ + mean δ²/(2λ·‖x − y‖),  L_G = mean δ,  δ = d(x) − d(y) in pairs.
/// Source: Su 2018, "GAN-QP", eq. 19, with the Euclidean distance.
class GanQp : public Objective {
 public:
  explicit GanQp(double scale) : scale_(scale) {}

  OutputLoss critic_loss(const CriticOutputs& outputs) const override {
    OutputLoss loss = zero_loss(outputs);
    if (outputs.distances.size() != outputs.real.size()) {
      throw Error(ErrorCode::kShape, "distances: there are " +
                                         std::to_string(outputs.distances.size()) + " of " +
                                         std::to_string(outputs.real.size()) + " pairs");
    }
    const auto n = static_cast<double>(outputs.real.size());
    for (std::size_t i = 0; i < outputs.real.size(); ++i) {
      const double difference = double{outputs.real[i]} - double{outputs.fake[i]};
      // Equal items need not be told apart.
      const double unit = scale_ * double{outputs.distances[i]};
      if (unit == 0.0) continue;
      loss.value += (-difference + difference * difference / (2.0 * unit)) / n;
      loss.real[i] = (-1.0 + difference / unit) / n;
      loss.fake[i] = -loss.real[i];
    }
    return loss;
  }

  OutputLoss generator_loss(const CriticOutputs& outputs) const override {
    OutputLoss loss = zero_loss(outputs);
    add_mean(
        outputs.real, [](double d) { return d; }, [](double) { return 1.0; }, loss.value,
        loss.real);
    add_mean(
        outputs.fake, [](double d) { return -d; }, [](double) { return -1.0; }, loss.value,
        loss.fake);
    return loss;
  }

  bool wants_distances() const override { return true; }

 private:
  double scale_;
};

}  // namespace

std::unique_ptr<const Objective> make_gan_qp(double scale) {
  return std::make_unique<GanQp>(scale);
}

}  // namespace ebm::gan
