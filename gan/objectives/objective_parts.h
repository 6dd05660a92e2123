#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "gan/objectives/objective.h"

namespace ebm::gan {

/// @throws Error(kShape) as Objective::critic_loss.
void require_pairs(const CriticOutputs& outputs);

double softplus(double x);  ///< ln(1 + eˣ)
double sigmoid(double x);   ///< its derivative

/// (1/n)·Σᵢ values[i], in double; NaN of none.
double mean_of(std::span<const float> values);

/// L = mean f(d) over some outputs: adds the value, and f'(d)/n to `gradient`, which is as long.
template <class F, class Derivative>
void add_mean(std::span<const float> outputs, const F& f, const Derivative& derivative,
              double& value, std::vector<double>& gradient) {
  const auto n = static_cast<double>(outputs.size());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    value += f(double{outputs[i]}) / n;
    gradient[i] += derivative(double{outputs[i]}) / n;
  }
}

/// An empty loss of so many outputs.
OutputLoss zero_loss(const CriticOutputs& outputs);

/// weight·‖∇D‖², the penalty centred at 0.
GradientPenalty squared_norm_penalty(double weight);

/// A function of one output and its derivative.
struct OutputTerm {
  double (*value)(double d);
  double (*derivative)(double d);
};

/// An objective that is a sum over single outputs:
///   L_D = mean real(d(x)) + mean fake(d(y)),   L_G = mean generator(d(y)).
struct OutputTerms {
  OutputTerm real, fake, generator;
  std::optional<GradientPenalty> penalty = std::nullopt;
  double weight_clip = std::numeric_limits<double>::infinity();
};
std::unique_ptr<const Objective> make_sum_of_terms(const OutputTerms& terms);

std::unique_ptr<const Objective> make_non_saturating(double penalty);
std::unique_ptr<const Objective> make_hinge();
std::unique_ptr<const Objective> make_least_squares();
std::unique_ptr<const Objective> make_relativistic();
std::unique_ptr<const Objective> make_wgan(double clip);
std::unique_ptr<const Objective> make_wgan_gp(double penalty);
std::unique_ptr<const Objective> make_wgan_div(double penalty);
std::unique_ptr<const Objective> make_gan_qp(double scale);
std::unique_ptr<const Objective> make_energy(double penalty);

}  // namespace ebm::gan
