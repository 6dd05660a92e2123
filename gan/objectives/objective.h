#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/names/choice.h"

namespace ebm::gan {

/// Logits d = −E of a critic for as many items of data as of a generator, in pairs.
struct CriticOutputs {
  std::span<const float> real, fake;  ///< [n] each
  std::span<const float> distances;   ///< [n] ‖xᵢ − yᵢ‖, of objectives that want them
};

/// A loss of critic outputs and what it takes to descend it.
struct OutputLoss {
  double value = 0.0;
  std::vector<double> real, fake;  ///< [n] ∂L/∂d of each
};

/// A gradient penalty of the critic, mean f(‖∇D‖).
struct GradientPenalty {
  enum class At {
    kReal,     ///< at the data
    kBetween,  ///< at u·x + (1 − u)·y, u ~ U[0, 1)
  };
  At at = At::kReal;
  double (*value)(double weight, double norm);       ///< f
  double (*derivative)(double weight, double norm);  ///< f'
  double weight = 0.0;
};

/// The objective's own value stands for what is not given.
struct ObjectiveOptions {
  std::optional<double> penalty = std::nullopt;   ///< weight of the gradient penalty
  std::optional<double> clip = std::nullopt;      ///< bound on weights of wgan [0.01]
  std::optional<double> qp_scale = std::nullopt;  ///< λ of gan-qp [10]

  /// @throws Error(kUsage) unless the penalty is not negative and finite, and the others positive.
  void validate() const;
};

/// The losses of a critic and a generator, which descend them in turns. Stateless.
class Objective {
 public:
  virtual ~Objective() = default;
  /// @throws Error(kShape) unless there are as many real outputs as fake ones, and one at least.
  virtual OutputLoss critic_loss(const CriticOutputs& outputs) const = 0;
  virtual OutputLoss generator_loss(const CriticOutputs& outputs) const = 0;
  virtual std::optional<GradientPenalty> gradient_penalty() const { return std::nullopt; }
  /// Bound on the critic's weights after each of its steps.
  virtual double weight_clip() const { return std::numeric_limits<double>::infinity(); }
  virtual bool wants_distances() const { return false; }

  /// Whether it constrains the critic's gradient itself: by a penalty, a clip or distances.
  bool constrains_gradient() const;
};

/// Formulas and sources are with each, in the files of this folder.
enum class ObjectiveKind {
  kNonSaturating,
  kR1,
  kHinge,
  kLeastSquares,
  kRelativistic,
  kWgan,
  kWganGp,
  kWganDiv,
  kGanQp,
  kEnergy
};

/// The objectives by their names: ns, r1, hinge, least-squares, relativistic, wgan, wgan-gp,
/// wgan-div, gan-qp, energy.
std::span<const base::Choice<ObjectiveKind>> objective_choices();

/// @throws Error(kUsage) on options as validate(), or on one that the objective does not have.
std::unique_ptr<const Objective> make_objective(ObjectiveKind kind,
                                                const ObjectiveOptions& options);

}  // namespace ebm::gan
