#include "flow/log_determinant.h"

#include <cmath>
#include <tuple>

#include "base/interruption.h"

namespace ebm::flow {
namespace {

/// No roulette goes on beyond this; with q = 0.99 the chance is 4e-44.
constexpr std::size_t kMaxSeries = 10000;
constexpr int kBitsAWord = 32;

torch::Tensor times_transpose(const torch::Tensor& x, const torch::Tensor& g,
                              const torch::Tensor& v, bool differentiable) {
  return torch::autograd::grad({g}, {x}, {v}, /*retain_graph=*/true, differentiable)[0];
}

torch::Tensor dot_rows(const torch::Tensor& a, const torch::Tensor& b) {
  return (a * b).flatten(1).sum(1);
}

double sign_of_term(std::size_t k) { return k % 2 == 1 ? 1.0 : -1.0; }

}  // namespace

torch::Tensor exact_log_det(const torch::Tensor& x, const torch::Tensor& g, bool differentiable) {
  const torch::Tensor outputs = g.flatten(1);
  std::vector<torch::Tensor> rows;
  for (std::int64_t i = 0; i < outputs.size(1); ++i) {
    rows.push_back(torch::autograd::grad({outputs.select(1, i).sum()}, {x}, {},
                                         /*retain_graph=*/true, differentiable)[0]
                       .flatten(1));
  }
  const torch::Tensor jacobian = torch::stack(rows, 1);
  return std::get<1>(torch::slogdet(torch::eye(outputs.size(1), x.options()) + jacobian));
}

torch::Tensor series_log_det(const torch::Tensor& x, const torch::Tensor& g, const torch::Tensor& v,
                             std::int64_t n_terms, bool differentiable) {
  torch::Tensor power = v;
  torch::Tensor sum = torch::zeros({x.size(0)}, x.options());
  for (std::size_t k = 1; k <= static_cast<std::size_t>(n_terms); ++k) {
    power = times_transpose(x, g, power, differentiable);
    sum = sum + sign_of_term(k) / static_cast<double>(k) * dot_rows(power, v);
  }
  return sum;
}

torch::Tensor weighted_series(const torch::Tensor& x, const torch::Tensor& g,
                              const torch::Tensor& v, std::span<const double> weights) {
  torch::Tensor power = v;  // (Jᵀ)ᵏv
  torch::Tensor sum = torch::zeros({x.size(0)}, x.options().requires_grad(false));
  for (std::size_t k = 1; k <= weights.size(); ++k) {
    base::throw_if_interrupted();
    power = times_transpose(x, g, power, false);
    sum += sign_of_term(k) * weights[k - 1] / static_cast<double>(k) * dot_rows(power, v);
  }
  return sum;
}

torch::Tensor weighted_log_det(const torch::Tensor& x, const torch::Tensor& g,
                               const torch::Tensor& v, std::span<const double> weights) {
  torch::Tensor power = v;                     // (Jᵀ)ᵏv
  torch::Tensor alternating = weights[0] * v;  // Σ_k w_k·(−1)^{k−1}·(Jᵀ)^{k−1}v
  torch::Tensor value = torch::zeros({x.size(0)}, x.options().requires_grad(false));
  for (std::size_t k = 1; k <= weights.size(); ++k) {
    base::throw_if_interrupted();
    power = times_transpose(x, g, power, false);
    value += sign_of_term(k) * weights[k - 1] / static_cast<double>(k) * dot_rows(power, v);
    if (k < weights.size()) alternating = alternating + sign_of_term(k + 1) * weights[k] * power;
  }
  const torch::Tensor slope = dot_rows(times_transpose(x, g, alternating, true), v);
  return slope + (value - slope).detach();
}

std::vector<double> roulette_weights(std::int64_t n_exact, double q, base::RandomStream& random) {
  std::vector<double> weights(static_cast<std::size_t>(n_exact), 1.0);
  for (double weight = 1.0 / q; weights.size() < kMaxSeries; weight /= q) {
    if (double{random.next_uniform()} >= q) break;
    weights.push_back(weight);
  }
  return weights;
}

double truncation_bound(double lipschitz, std::int64_t n_terms) {
  double rest = -std::log1p(-lipschitz);
  for (std::int64_t k = 1; k <= n_terms; ++k) {
    rest -= std::pow(lipschitz, static_cast<double>(k)) / static_cast<double>(k);
  }
  return rest;
}

torch::Tensor draw_probes(const base::RandomKey& key, std::uint64_t first_stream,
                          std::span<const std::int64_t> shape, std::uint64_t& word) {
  torch::Tensor probes = torch::empty(torch::IntArrayRef(shape.data(), shape.size()));
  const std::int64_t dim = probes.numel() / shape[0];
  float* to = probes.data_ptr<float>();
  for (std::int64_t row = 0; row < shape[0]; ++row) {
    base::RandomStream random(key, first_stream + static_cast<std::uint64_t>(row), word);
    std::uint32_t bits = 0;
    for (std::int64_t k = 0; k < dim; ++k) {
      if (k % kBitsAWord == 0) bits = random.next_word();
      *to++ = (bits & 1u) != 0 ? 1.0f : -1.0f;
      bits >>= 1;
    }
  }
  word += static_cast<std::uint64_t>((dim + kBitsAWord - 1) / kBitsAWord);
  return probes;
}

}  // namespace ebm::flow
