#include "samplers/energies/gaussian_bernoulli_rbm.h"

#include <bit>
#include <cmath>
#include <numbers>
#include <utility>

#include "base/aligned_vector.h"
#include "base/require.h"
#include "samplers/block_evaluator.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/energies/gaussian_bernoulli_rbm.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/simd/matrix_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

// softplus(a) = ln(1 + eᵃ) and its derivative, without overflow on either side. NaN for NaN: a is
// in both sums.
HWY_INLINE void softplus(const Lanes& a, Lanes& value, Lanes& slope) {
  const Lanes one = all_lanes(1.0f), magnitude = abs_lanes(a);
  const Lanes small = exp_of_nonpositive(-magnitude);
  value = mul_add(all_lanes(0.5f), a + magnitude, log_of_normal(one + small));
  slope = select_greater(all_lanes(0.0f), a, small, one) / (one + small);
}

void rbm_block(std::int64_t n_visible, std::int64_t n_hidden, const float* to_hidden,
               const float* to_visible, const float* visible_bias, const float* hidden_bias,
               float precision, const float* x, float* hidden, float* energy, float* grad) {
  multiply_transposed(to_hidden, n_visible, n_hidden, x, hidden);
  Lanes free_energy = all_lanes(0.0f);
  for (std::int64_t j = 0; j < n_hidden; ++j) {
    Lanes value, slope;
    softplus(load_lanes(hidden + j * kLanes) + all_lanes(hidden_bias[j]), value, slope);
    free_energy = free_energy - value;
    store_lanes(slope, hidden + j * kLanes);
  }
  multiply_transposed(to_visible, n_hidden, n_visible, hidden, grad);
  Lanes sum = all_lanes(0.0f);
  for (std::int64_t i = 0; i < n_visible; ++i) {
    const Lanes offset = load_lanes(x + i * kLanes) - all_lanes(visible_bias[i]);
    const Lanes pull = all_lanes(precision) * offset;
    sum = mul_add(pull, offset, sum);
    store_lanes(pull - load_lanes(grad + i * kLanes), grad + i * kLanes);
  }
  store_lanes(mul_add(all_lanes(0.5f), sum, free_energy), energy);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(rbm_block);

GaussianBernoulliRbm::GaussianBernoulliRbm(std::vector<float> weights,
                                           std::vector<float> visible_bias,
                                           std::vector<float> hidden_bias, float sd)
    : weights_(std::move(weights)),
      visible_bias_(std::move(visible_bias)),
      hidden_bias_(std::move(hidden_bias)),
      sd_(sd),
      to_hidden_(weights_.size()),
      to_visible_(weights_.size()) {
  const std::size_t n_visible = visible_bias_.size(), n_hidden = hidden_bias_.size();
  base::require_at_least("number of visible units", static_cast<std::int64_t>(n_visible), 1);
  base::require_at_least("number of hidden units", static_cast<std::int64_t>(n_hidden), 1);
  base::require_size("weights", weights_.size(), n_visible * n_hidden, "n_visible·n_hidden");
  base::require_finite("weights", weights_);
  base::require_finite("visible_bias", visible_bias_);
  base::require_finite("hidden_bias", hidden_bias_);
  base::require_positive("sd", double{sd});
  for (std::size_t i = 0; i < n_visible; ++i) {
    for (std::size_t j = 0; j < n_hidden; ++j) {
      const double weight = double{weights_[i * n_hidden + j]} / (double{sd} * double{sd});
      to_hidden_[i * n_hidden + j] = static_cast<float>(weight);
      to_visible_[j * n_visible + i] = static_cast<float>(weight);
    }
  }
}

std::optional<double> GaussianBernoulliRbm::log_z() const {
  const std::size_t n_visible = visible_bias_.size(), n_hidden = hidden_bias_.size();
  if (n_hidden > kMaxEnumerated) return std::nullopt;
  // ∫exp(−E(v, h)) dv = (2πs²)^{n/2}·exp(c·h + (b·Wh + |Wh|²/2)/s²) = (...)·exp(l·h + ½ hᵀGh).
  const double precision = 1.0 / (double{sd_} * double{sd_});
  std::vector<double> linear(n_hidden), gram(n_hidden * n_hidden, 0.0);
  for (std::size_t j = 0; j < n_hidden; ++j) {
    linear[j] = double{hidden_bias_[j]};
    for (std::size_t i = 0; i < n_visible; ++i) {
      const double weight = precision * double{weights_[i * n_hidden + j]};
      linear[j] += weight * double{visible_bias_[i]};
      for (std::size_t k = 0; k < n_hidden; ++k) {
        gram[j * n_hidden + k] += weight * double{weights_[i * n_hidden + k]};
      }
    }
  }
  // In the order of a Gray code one unit flips at a time; the largest term so far is taken out.
  std::vector<double> hidden(n_hidden, 0.0);
  double exponent = 0.0, largest = 0.0, sum = 1.0;
  for (std::uint64_t state = 1; state < std::uint64_t{1} << n_hidden; ++state) {
    const auto j = static_cast<std::size_t>(std::countr_zero(state));
    const double flip = 1.0 - 2.0 * hidden[j];
    double slope = linear[j];
    for (std::size_t k = 0; k < n_hidden; ++k) slope += gram[j * n_hidden + k] * hidden[k];
    exponent += flip * slope + 0.5 * gram[j * n_hidden + j];
    hidden[j] += flip;
    if (exponent > largest) {
      sum *= std::exp(largest - exponent);
      largest = exponent;
    }
    sum += std::exp(exponent - largest);
  }
  return 0.5 * static_cast<double>(n_visible) * std::log(2.0 * std::numbers::pi / precision) +
         largest + std::log(sum);
}

std::unique_ptr<Evaluator> GaussianBernoulliRbm::make_evaluator(std::int64_t) const {
  base::AlignedVector<float> hidden(hidden_bias_.size() * kLanes);
  const auto precision = static_cast<float>(1.0 / (double{sd_} * double{sd_}));
  return make_block_evaluator(dim(), [this, precision, hidden = std::move(hidden)](
                                         const float* x, float* energy, float* grad) mutable {
    HWY_DYNAMIC_DISPATCH(rbm_block)
    (dim(), n_hidden(), to_hidden_.data(), to_visible_.data(), visible_bias_.data(),
     hidden_bias_.data(), precision, x, hidden.data(), energy, grad);
  });
}

}  // namespace ebm::samplers
#endif
