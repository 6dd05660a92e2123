#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ebm {

/// A covariance matrix of full rank from a singular one, by probabilistic PCA: of the eigenvalues
/// λ₁ >= λ₂ >= ... the first k keep their directions, and all other directions get the mean σ² of
/// the rest,
///   Σ' = Σ_{i<=k} λᵢuᵢuᵢᵀ + σ²(I − Σ_{i<=k} uᵢuᵢᵀ).
/// k counts the eigenvalues above their mean, but at most half of those above `ridge`, so that σ²
/// is above 0. The trace stays, and tr(Σ'⁻¹Σ) = d: rows whose covariance is Σ lie, on average, as
/// deep in N(μ, Σ') as its own draws, which holds for no other floor under the eigenvalues.
/// @param covariance  [d, d], symmetric
/// @param ridge       above 0; eigenvalues below it count as 0
/// @return Σ' [d, d]
/// Source: Tipping & Bishop 1999, eq. 7 and 8.
std::vector<double> principal_covariance(std::span<const double> covariance, std::int64_t d,
                                         double ridge);

}  // namespace ebm
