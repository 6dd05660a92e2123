#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "ebm/objectives/objective.h"

namespace ebm {

struct TrainOptions;

struct DiscrepancyOptions {
  double noise_sd = 0.3;            ///< √t
  std::int64_t perturbations = 16;  ///< M
  double stabilisation = 1.0;       ///< w, from 0
};

/// Data against points beside them, which were made of the data by noise twice:
///   L = (1/B)·Σ_b ln(w/M + (1/M)·Σ_j exp(E(x_b) − E(x_b + √t·(z_b + z_bj)))),  z ~ N(0, I).
/// At w = 1, L + ln M is the cross-entropy by which x_b is told from its M points, given x_b +
/// √t·z_b, of which these are further draws: it is least where exp(−E) is the density of the data,
/// up to its normaliser, whatever M is. As M grows L becomes E(x) − E_t(x + √t·z) of the energy E_t
/// = −ln ∫ exp(−E)·N(·; y, tI), with the same optimum at any w. L ≥ ln(w/M). The gradient takes no
/// derivative of E by x:
///   Σ_b Σ_j (p_bj/B)·(∂θE(x_b) − ∂θE(x_bj)),  p_bj = exp(D_bj)/(w + Σ_i exp(D_bi)),
/// D_bj being the difference of the energies above.
/// @param data     x [B, dim], with the contexts of E
/// @param normals  z_b, then z_b1 to z_bM, of each b [B·(1 + M), dim]
/// @return energies E(x_b) [B] and their mean; as energy_samples the mean of E(x_bj)
/// Source: Schröder, Ou, Lim, Li, Vollmer, Duncan 2023, "Energy discrepancies: a score-independent
/// loss for energy-based models".
ObjectiveStep energy_discrepancy(const EvaluatedNet& net, const nets::Rows& data,
                                 std::span<const float> normals, const DiscrepancyOptions& options);

/// energy_discrepancy() with noise_sd, perturbations and stabilisation.
std::unique_ptr<const Objective> make_energy_discrepancy(const TrainOptions& options,
                                                         bool is_image);

}  // namespace ebm
