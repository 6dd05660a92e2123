#include "samplers/energies/gaussian_mixture.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>
#include <utility>

#include "base/aligned_vector.h"
#include "base/error.h"
#include "base/require.h"
#include "samplers/block_evaluator.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/energies/gaussian_mixture.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/energies/gaussian_mixture-inl.h"
#include "samplers/langevin_walk-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

// Not inlined, for where it is called once.
template <std::size_t kDim>
HWY_NOINLINE void evaluate_apart(const MixtureView& m, const Lanes (&x)[kDim], Lanes& energy,
                                 Lanes (&grad)[kDim]) {
  gaussian_mixture(m, x, energy, grad);
}

template <std::size_t kDim>
HWY_INLINE void in_registers(const MixtureView& m, const float* x, float* energy, float* grad) {
  Lanes x_lanes[kDim], grad_lanes[kDim], e;
  for (std::size_t d = 0; d < kDim; ++d) x_lanes[d] = load_lanes(x + d * kLanes);
  evaluate_apart(m, x_lanes, e, grad_lanes);
  for (std::size_t d = 0; d < kDim; ++d) store_lanes(grad_lanes[d], grad + d * kLanes);
  store_lanes(e, energy);
}

// The same with rows in memory, for more dimensions than registers hold.
HWY_INLINE void in_memory(const MixtureView& m, std::int64_t dim, const float* x, float* log_part,
                          float* energy, float* grad) {
  Lanes largest = all_lanes(0.0f), total = largest;
  for (std::int64_t k = 0; k < m.n_modes; ++k) {
    const float* mean = m.means + k * dim;
    Lanes distance = all_lanes(0.0f);
    for (std::int64_t d = 0; d < dim; ++d) {
      const Lanes offset = load_lanes(x + d * kLanes) - all_lanes(mean[d]);
      distance = mul_add(offset, offset, distance);
    }
    const Lanes part =
        neg_mul_add(all_lanes(m.half_precision_base2), distance, all_lanes(m.offsets[k]));
    store_lanes(part, log_part + k * kLanes);
    largest = k == 0 ? part : max_lanes(largest, part);
  }
  for (std::int64_t k = 0; k < m.n_modes; ++k) {
    const Lanes part =
        exp2_in_range(max_lanes(all_lanes(-126.0f), load_lanes(log_part + k * kLanes) - largest));
    store_lanes(part, log_part + k * kLanes);
    total = total + part;
  }
  const Lanes outside = neg_mul_add(largest, all_lanes(0.693147181f), all_lanes(m.shift));
  store_lanes(outside - log_of_normal(total), energy);
  const Lanes precision = all_lanes(2.0f * m.half_precision);
  const Lanes scale = precision / total;
  for (std::int64_t d = 0; d < dim; ++d) {
    Lanes sum = all_lanes(0.0f);
    for (std::int64_t k = 0; k < m.n_modes; ++k) {
      sum = mul_add(load_lanes(log_part + k * kLanes), all_lanes(m.means[k * dim + d]), sum);
    }
    store_lanes(neg_mul_add(scale, sum, precision * load_lanes(x + d * kLanes)), grad + d * kLanes);
  }
}

// A type, as lambdas are not inlined by force.
template <std::size_t kDim>
struct MixtureEnergy {
  static constexpr bool kUnrolls = false;
  const MixtureView& m;
  HWY_INLINE void operator()(const Lanes (&x)[kDim], Lanes& energy, Lanes (&grad)[kDim]) const {
    gaussian_mixture(m, x, energy, grad);
  }
  HWY_INLINE void apart(const Lanes (&x)[kDim], Lanes& energy, Lanes (&grad)[kDim]) const {
    evaluate_apart(m, x, energy, grad);
  }
};

bool gaussian_mixture_walk(const LangevinWalk& walk, std::int64_t dim, const MixtureView& m) {
  return dim == 1 ? walk_in_registers<1, /*kEnergyFollows=*/true>(walk, MixtureEnergy<1>{m})
                  : walk_in_registers<2, /*kEnergyFollows=*/true>(walk, MixtureEnergy<2>{m});
}

void gaussian_mixture_block(const MixtureView& m, std::int64_t dim, const float* x, float* log_part,
                            float* energy, float* grad) {
  if (dim == 1) {
    in_registers<1>(m, x, energy, grad);
  } else if (dim == 2) {
    in_registers<2>(m, x, energy, grad);
  } else if (dim == 3) {
    in_registers<3>(m, x, energy, grad);
  } else {
    in_memory(m, dim, x, log_part, energy, grad);
  }
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(gaussian_mixture_block);
HWY_EXPORT(gaussian_mixture_walk);

GaussianMixture::GaussianMixture(std::int64_t dim, std::vector<float> means,
                                 std::vector<float> weights, float sd)
    : dim_(dim),
      means_(std::move(means)),
      slopes_(means_.size()),
      offsets_(weights.size()),
      sd_(sd) {
  if (dim < 1 || weights.empty() ||
      means_.size() != weights.size() * static_cast<std::size_t>(dim)) {
    throw Error(ErrorCode::kShape, "a mixture of " + std::to_string(weights.size()) +
                                       " modes in dim " + std::to_string(dim) + " has " +
                                       std::to_string(means_.size()) + " mean values");
  }
  base::require_finite("means", means_);
  base::require_positive("sd", double{sd});
  for (const float weight : weights) base::require_positive("weight", double{weight});

  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  const double precision = 1.0 / (double{sd} * double{sd});
  const double log_width = std::log(double{sd} * std::sqrt(2.0 * std::numbers::pi));
  std::vector<double> halves;  // |μ_k|²/(2s²)
  for (std::size_t k = 0; k < weights.size(); ++k) {
    double squared = 0.0;
    for (std::size_t d = 0; d < static_cast<std::size_t>(dim); ++d) {
      const std::size_t i = k * static_cast<std::size_t>(dim) + d;
      squared += double{means_[i]} * double{means_[i]};
      slopes_[i] = static_cast<float>(double{means_[i]} * precision * std::numbers::log2e);
    }
    halves.push_back(0.5 * precision * squared);
  }
  is_compact_ = dim <= 3 && *std::max_element(halves.begin(), halves.end()) <= 200.0;
  std::vector<double> offsets;
  for (std::size_t k = 0; k < weights.size(); ++k) {
    const double peak = std::log(weights[k] / total) - static_cast<double>(dim) * log_width;
    offsets.push_back(is_compact_ ? peak - halves[k] : peak);
  }
  const auto [least, most] = std::minmax_element(offsets.begin(), offsets.end());
  shift_ = static_cast<float>(-(*least + *most) / 2.0);
  for (std::size_t k = 0; k < weights.size(); ++k) {
    offsets_[k] = static_cast<float>((offsets[k] + double{shift_}) * std::numbers::log2e);
  }
  // |log₂ part| <= |offset| + |slope|·|x| is to stay below 118, and so the sum of 256 parts below
  // 2¹²⁷.
  const double furthest = (*most - *least) / 2.0 * std::numbers::log2e;
  const double steepest =
      std::sqrt(2.0 * precision * *std::max_element(halves.begin(), halves.end())) *
      std::numbers::log2e;
  const double reach = (118.0 - furthest) / std::max(steepest, 1e-3);
  const bool has_near = is_compact_ && reach > 0.0 && weights.size() <= 256;
  near_squared_ = has_near ? static_cast<float>(reach * reach) : -1.0f;
}

MixtureView GaussianMixture::view() const {
  const double half_precision = 0.5 / (double{sd_} * double{sd_});
  return {.n_modes = static_cast<std::int64_t>(offsets_.size()),
          .means = means_.data(),
          .slopes = slopes_.data(),
          .offsets = offsets_.data(),
          .shift = shift_,
          .half_precision = static_cast<float>(half_precision),
          .half_precision_base2 = static_cast<float>(half_precision * std::numbers::log2e),
          .half_precision_taken_out = is_compact_ ? static_cast<float>(half_precision) : 0.0f,
          .is_compact = is_compact_,
          .near_squared = near_squared_};
}

std::unique_ptr<Evaluator> GaussianMixture::make_evaluator(std::int64_t) const {
  base::AlignedVector<float> log_part(offsets_.size() * kLanes);
  auto evaluate = [m = view(), dim = dim_, log_part = std::move(log_part)](
                      const float* x, float* energy, float* grad) mutable {
    HWY_DYNAMIC_DISPATCH(gaussian_mixture_block)(m, dim, x, log_part.data(), energy, grad);
  };
  if (dim_ > 2) return make_block_evaluator(dim_, std::move(evaluate));
  return make_walking_evaluator(dim_, std::move(evaluate),
                                [m = view(), dim = dim_](const LangevinWalk& walk) {
                                  return HWY_DYNAMIC_DISPATCH(gaussian_mixture_walk)(walk, dim, m);
                                });
}

GaussianMixture eight_gaussians() {
  std::vector<float> means;
  for (int k = 0; k < 8; ++k) {
    const double angle = 2.0 * std::numbers::pi * k / 8.0;
    means.push_back(static_cast<float>(std::cos(angle)));
    means.push_back(static_cast<float>(std::sin(angle)));
  }
  return GaussianMixture(2, std::move(means), std::vector<float>(8, 1.0f), 0.15f);
}

GaussianMixture twenty_five_gaussians() {
  std::vector<float> means;
  for (int k = 0; k < 25; ++k) {
    const int column = k % 5, row = k / 5;
    means.push_back(static_cast<float>(column - 2));
    means.push_back(static_cast<float>(row - 2));
  }
  return GaussianMixture(2, std::move(means), std::vector<float>(25, 1.0f), 0.05f);
}

}  // namespace ebm::samplers
#endif
