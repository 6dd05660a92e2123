#include <cmath>

#include "gan/objective_parts.h"

namespace ebm::gan {
namespace {

double minus(double d) { return -d; }
double plus(double d) { return d; }
double minus_one(double) { return -1.0; }
double plus_one(double) { return 1.0; }

/// The dual of W₁: L_D = mean d(y) − mean d(x),   L_G = −mean d(y), the critic's slope held
///   wgan      by clipping its weights to ±clip. Source: Arjovsky, Chintala, Bottou 2017.
///   wgan-gp   by weight·mean (‖∇D(x̂)‖ − 1)² between data and samples. Source: Gulrajani et al.
///   2017,
///             eq. 3.
///   wgan-div  by weight·mean ‖∇D(x̂)‖⁶ there. Source: Wu et al. 2018, eq. 8, with k = 2 and p = 6.
///   energy    by weight·mean ‖∇D(x)‖² at the data: with U = −d an energy that is dug at the data
///             and filled where samples are. Source: Su 2019, on GANs in the view of energies.
class Wasserstein : public Objective {
 public:
  Wasserstein(double clip, std::optional<SlopePenalty> penalty) : clip_(clip), penalty_(penalty) {}

  OutputLoss critic_loss(const CriticOutputs& outputs) const override {
    OutputLoss loss = zero_loss(outputs);
    add_mean(outputs.real, minus, minus_one, loss.value, loss.real);
    add_mean(outputs.fake, plus, plus_one, loss.value, loss.fake);
    return loss;
  }

  OutputLoss generator_loss(const CriticOutputs& outputs) const override {
    OutputLoss loss = zero_loss(outputs);
    add_mean(outputs.fake, minus, minus_one, loss.value, loss.fake);
    return loss;
  }

  std::optional<SlopePenalty> slope_penalty() const override { return penalty_; }
  double weight_clip() const override { return clip_; }

 private:
  double clip_;
  std::optional<SlopePenalty> penalty_;
};

constexpr double kUnbounded = std::numeric_limits<double>::infinity();

}  // namespace

std::unique_ptr<const Objective> make_wgan(double clip) {
  return std::make_unique<Wasserstein>(clip, std::nullopt);
}

std::unique_ptr<const Objective> make_wgan_gp(double penalty) {
  return std::make_unique<Wasserstein>(
      kUnbounded,
      SlopePenalty{.at = SlopePenalty::At::kBetween,
                   .price = [](double w, double norm) { return w * (norm - 1.0) * (norm - 1.0); },
                   .growth = [](double w, double norm) { return 2.0 * w * (norm - 1.0); },
                   .weight = penalty});
}

std::unique_ptr<const Objective> make_wgan_div(double penalty) {
  return std::make_unique<Wasserstein>(
      kUnbounded,
      SlopePenalty{.at = SlopePenalty::At::kBetween,
                   .price = [](double w, double norm) { return w * std::pow(norm, 6); },
                   .growth = [](double w, double norm) { return 6.0 * w * std::pow(norm, 5); },
                   .weight = penalty});
}

std::unique_ptr<const Objective> make_energy_game(double penalty) {
  return std::make_unique<Wasserstein>(kUnbounded, squared_slope(penalty));
}

}  // namespace ebm::gan
