#pragma once

#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "base/names/choice.h"

namespace ebm::gan {

/// What the systems of dirac_system() take; each reads what its formula names.
struct DiracOptions {
  /// λ: weight of the penalty on the critic's gradient. γ of R1 (γ/2·‖∇D‖²) is 2λ.
  double penalty = 0.0;
  double qp_scale = 1.0;  ///< λ of GAN-QP
  /// Discrete steps only: |φᵢ| <= clip after every step.
  double clip = std::numeric_limits<double>::infinity();
  double restart_probability = 0.05;  ///< p: share of drawn chains that restart at 0
  double walk = 1.0;                  ///< a = steps·step_size of the Langevin chain
  double refresh = 1.0;               ///< ρ: share of the buffer renewed per unit of learning time
  double energy_l2 = 0.0;             ///< α
  double chain_variance = 0.0;        ///< v: variance of chains and data noise together

  /// @throws Error(kUsage) unless all are finite (clip may be infinite) and none is negative,
  /// qp_scale,
  ///         clip and walk above 0, restart_probability at most 1.
  void validate() const;
};

/// The systems that dirac_system() describes.
enum class DiracKind {
  kMinimax,
  kNonSaturating,
  kWgan,
  kWganUnit,
  kWganGp,
  kGanQp,
  kEnergy,
};

inline constexpr base::Choice<DiracKind> kDiracKinds[] = {
    {"minimax", DiracKind::kMinimax}, {"ns", DiracKind::kNonSaturating},
    {"wgan", DiracKind::kWgan},       {"wgan-unit", DiracKind::kWganUnit},
    {"wgan-gp", DiracKind::kWganGp},  {"gan-qp", DiracKind::kGanQp},
    {"ebm", DiracKind::kEnergy}};

/// Refuses options that the system does not read.
/// @param given  names of options, as "qp-scale"; others than those of DiracOptions may be among
/// them
/// @throws Error(kUsage) naming the option and the systems that read it
void require_options_of(DiracKind kind, const std::vector<std::string>& given);

/// Two points in R^d that play a GAN. The data are one point at 0 and what is generated is one at
/// θ; the critic is linear, D(x) = φ·x. State and rates are [φ, θ]: 2·d numbers.
struct DiracSystem {
  DiracKind kind;
  /// The rates dφ/dt and dθ/dt of a state.
  std::function<void(std::span<const double> state, std::span<double> rates)> rates;
  double clip = std::numeric_limits<double>::infinity();
  /// Whether (0, 0) is an equilibrium around which the rates are differentiable.
  bool is_smooth_at_zero = true;
};

/// The system of that kind, with s = θ·φ and σ(s) = 1/(1 + e⁻ˢ):
///
///   minimax    φ' = −σ(s)θ − 2λφ                θ' = σ(s)φ
///   ns         φ' = −σ(s)θ − 2λφ                θ' = (1 − σ(s))φ         non-saturating
///   wgan       φ' = −θ − 2λφ                    θ' = φ
///   wgan-unit  φ' = −(θ − (θ·u)u)/‖φ‖           θ' = u = φ/‖φ‖           D(x) = u·x
///   wgan-gp    φ' = −θ − 2λ(‖φ‖ − 1)u           θ' = φ                   penalty centred at 1
///   gan-qp     φ' = −θ − (s/(λ‖θ‖))θ            θ' = φ
///   ebm        φ' = −x − 2α(vφ + (φ·x)x)        θ' = ρ(x − θ)            x = (1 − p)θ + aφ
///
/// The penalty of the first three is λ‖∇D‖², centred at 0. The last one is an energy E(x) = −φ·x
/// trained by persistent contrastive divergence: θ is the mean of a replay buffer, of which a drawn
/// chain restarts at 0 with probability p and then walks down ∇E = −φ by a = steps·step_size to x.
/// Where φ or θ is 0, u and θ/‖θ‖ are taken as 0.
/// @throws Error(kUsage) on options as validate().
/// Source: Mescheder, Geiger, Nowozin 2018 (the Dirac-GAN); Su 2018 (GAN-QP).
DiracSystem dirac_system(DiracKind kind, const DiracOptions& options);

/// These formulas by the names of kDiracKinds, in ASCII for --help; each line ends with a newline.
std::string describe_dirac_systems();

}  // namespace ebm::gan
