#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"
#include "torch_nets/libtorch.h"

namespace ebm::flow {

/// A bound on the terms of a series; more would take hours.
inline constexpr std::int64_t kMaxTerms = 1000;

/// Items of at most so many values have exact log-determinants by default.
inline constexpr std::int64_t kMaxExactDim = 16;

/// How log-determinants are computed.
enum class LogDet {
  kAuto,      ///< kExact of items of at most kMaxExactDim values, else kSeries
  kExact,     ///< from whole Jacobians
  kSeries,    ///< by the series cut off
  kRoulette,  ///< without bias, the series cut off at random
};

// Estimates of ln|det(I + J)|, J the Jacobian of a block's g at x, Lip(g) = L < 1. All take
//   x  [n, c, h, w], in whose graph g was made
//   g  g(x), like x
// and give [n].

/// The determinant of the whole matrix: as many gradients as an item has values. With its gradient
/// if `differentiable`.
torch::Tensor exact_log_det(const torch::Tensor& x, const torch::Tensor& g, bool differentiable);

/// Σ_{k=1..n} (−1)^{k−1}/k·vᵀJᵏv, whose mean over probes v with E[vvᵀ] = I is the series of
/// tr(Jᵏ) cut off after n terms. With the gradient of this very sum if `differentiable`.
/// @param v  like x
/// Source: Behrmann et al. 2019, eq. 4 and algorithm 2; the probes: Hutchinson 1990.
torch::Tensor series_log_det(const torch::Tensor& x, const torch::Tensor& g, const torch::Tensor& v,
                             std::int64_t n_terms, bool differentiable);

/// Σ_k w_k·(−1)^{k−1}/k·vᵀJᵏv without a gradient.
/// @param weights  w_1, w_2, ...: ones for a series cut off, or random ones of mean 1
torch::Tensor weighted_series(const torch::Tensor& x, const torch::Tensor& g,
                              const torch::Tensor& v, std::span<const double> weights);

/// The same with the gradient Σ_k w_k·(−1)^{k−1}·vᵀJ^{k−1}(∂J)v, which has the
/// mean of that of the sum, and takes one second derivative in place of one a term.
/// Source: Chen, Behrmann, Duvenaud, Jacobsen 2019, "Residual flows for invertible generative
/// modeling", eq. 8.
torch::Tensor weighted_log_det(const torch::Tensor& x, const torch::Tensor& g,
                               const torch::Tensor& v, std::span<const double> weights);

/// Weights of an endless series that is cut off at random: 1 for the first n_exact terms; each
/// further one is there with probability q if the one before it is, and then weighs q⁻ʲ, j = 1, 2,
/// ... So each has mean 1. Source: as above, eq. 6 (Russian roulette).
std::vector<double> roulette_weights(std::int64_t n_exact, double q, base::RandomStream& random);

/// |ln|det(I + J)| − its first n terms| <= d·(−ln(1 − L) − Σ_{k=1..n} Lᵏ/k), here for d = 1: nats a
/// dimension. Source: Behrmann et al. 2019, theorem 3.
double truncation_bound(double lipschitz, std::int64_t n_terms);

/// Probes of ±1, [n, c, h, w]: row i from stream first_stream + i, on from a word.
/// @param word  of the stream, moved on
torch::Tensor draw_probes(const base::RandomKey& key, std::uint64_t first_stream,
                          std::span<const std::int64_t> shape, std::uint64_t& word);

}  // namespace ebm::flow
