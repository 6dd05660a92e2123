#include "samplers/energies/diagonal_gaussian.h"

#include <cmath>
#include <numbers>
#include <utility>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "samplers/block_evaluator.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/energies/diagonal_gaussian.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/simd/sum-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

void diagonal_gaussian_block(std::int64_t dim, const float* means, const float* precisions,
                             const float* x, float* energy, float* grad) {
  const Lanes sum = sum_over(dim, [&](std::int64_t d, Lanes& part) HWY_ATTR {
    const Lanes offset = load_lanes(x + d * kLanes) - all_lanes(means[d]);
    const Lanes pull = all_lanes(precisions[d]) * offset;
    part = mul_add(pull, offset, part);
    store_lanes(pull, grad + d * kLanes);
  });
  store_lanes(all_lanes(0.5f) * sum, energy);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(diagonal_gaussian_block);

DiagonalGaussian::DiagonalGaussian(std::vector<float> means, std::vector<float> sds)
    : means_(std::move(means)), sds_(std::move(sds)) {
  base::require_at_least("dim", static_cast<std::int64_t>(means_.size()), 1);
  base::require_size("sds", sds_.size(), means_.size(), "one per mean");
  base::require_finite("means", means_);
  for (std::size_t d = 0; d < sds_.size(); ++d) {
    base::require_positive("sds[" + std::to_string(d) + "]", double{sds_[d]});
    precisions_.push_back(static_cast<float>(1.0 / (double{sds_[d]} * double{sds_[d]})));
  }
}

std::optional<double> DiagonalGaussian::log_z() const {
  double sum = 0.0;
  for (const float sd : sds_) sum += std::log(double{sd} * std::sqrt(2.0 * std::numbers::pi));
  return sum;
}

std::unique_ptr<Evaluator> DiagonalGaussian::make_evaluator(std::int64_t) const {
  return make_block_evaluator(dim(), [this](const float* x, float* energy, float* grad) {
    HWY_DYNAMIC_DISPATCH(diagonal_gaussian_block)
    (dim(), means_.data(), precisions_.data(), x, energy, grad);
  });
}

DiagonalGaussian ill_conditioned_gaussian(std::int64_t dim, double condition, double largest_sd) {
  base::require_at_least("dim", dim, 1);
  base::require_positive("largest_sd", largest_sd);
  if (!(std::isfinite(condition) && condition >= 1.0) || (dim == 1 && condition != 1.0)) {
    throw Error(ErrorCode::kUsage,
                "condition = " + base::number_text(condition) +
                    (dim == 1 ? ": must be 1 if dim is 1" : ": must be at least 1 and finite"));
  }
  std::vector<float> sds;
  for (std::int64_t d = 0; d < dim; ++d) {
    const double part = dim == 1 ? 0.0 : static_cast<double>(d) / static_cast<double>(dim - 1);
    sds.push_back(static_cast<float>(largest_sd * std::pow(condition, -0.5 * part)));
  }
  std::vector<float> means(sds.size(), 0.0f);
  return DiagonalGaussian(std::move(means), std::move(sds));
}

}  // namespace ebm::samplers
#endif
