#include "training/adam.h"

#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/number_text.h"
#include "nets/files/tensor_entry.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "training/adam.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#ifndef EBM_TRAINING_ADAM_CC_ONCE_
#define EBM_TRAINING_ADAM_CC_ONCE_
namespace ebm::training {

/// The numbers of one step, as Adam's formula names them.
struct AdamFactors {
  float beta1, rest1;  ///< β₁, 1 − β₁
  float beta2, rest2;
  float scale2;  ///< 1 − β₂ᵗ
  float epsilon;
  float rate;  ///< −lr/(1 − β₁ᵗ)
};

/// One tensor of a step.
struct AdamTensor {
  std::size_t n;
  const float* gradient;
  float *first, *second, *values;
};

}  // namespace ebm::training
#endif

HWY_BEFORE_NAMESPACE();
namespace ebm::training::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void adam_step(const AdamFactors& f, const AdamTensor& t) {
  const auto step = [&](auto d, std::size_t i) HWY_ATTR {
    const auto all = [d](float x) HWY_ATTR { return hn::Set(d, x); };
    const auto g = hn::LoadU(d, t.gradient + i);
    const auto m = hn::MulAdd(g, all(f.rest1), hn::Mul(hn::LoadU(d, t.first + i), all(f.beta1)));
    const auto v =
        hn::MulAdd(hn::Mul(all(f.rest2), g), g, hn::Mul(hn::LoadU(d, t.second + i), all(f.beta2)));
    hn::StoreU(m, d, t.first + i);
    hn::StoreU(v, d, t.second + i);
    const auto root = hn::Add(hn::Sqrt(hn::Div(v, all(f.scale2))), all(f.epsilon));
    const auto change = hn::Div(hn::Mul(all(f.rate), m), root);
    hn::StoreU(hn::Add(hn::LoadU(d, t.values + i), change), d, t.values + i);
  };
  const hn::ScalableTag<float> d;
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= t.n; i += hn::Lanes(d)) step(d, i);
  for (; i < t.n; ++i) step(hn::CappedTag<float, 1>(), i);
}

}  // namespace ebm::training::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::training {
HWY_EXPORT(adam_step);
namespace {

void require_fraction(const char* name, double value) {
  if (!(value >= 0.0 && value < 1.0)) {
    throw Error(ErrorCode::kUsage,
                std::string(name) + " = " + base::number_text(value) + ": must be in [0, 1)");
  }
}

}  // namespace

void AdamOptions::validate() const {
  require_fraction("beta1", beta1);
  require_fraction("beta2", beta2);
  if (!(epsilon > 0.0)) {
    throw Error(ErrorCode::kUsage,
                "epsilon = " + base::number_text(epsilon) + ": must be positive");
  }
}

Adam::Adam(std::vector<TrainedTensor> parameters, const AdamOptions& options)
    : parameters_(std::move(parameters)), options_(options) {
  options_.validate();
  for (const TrainedTensor& parameter : parameters_) {
    first_moment_.emplace_back(parameter.values.size());
    second_moment_.emplace_back(parameter.values.size());
  }
}

void Adam::step(const TensorViews& gradient, double learning_rate) {
  ++n_steps_;
  const double t = static_cast<double>(n_steps_);
  const AdamFactors factors{
      .beta1 = static_cast<float>(options_.beta1),
      .rest1 = static_cast<float>(1.0 - options_.beta1),
      .beta2 = static_cast<float>(options_.beta2),
      .rest2 = static_cast<float>(1.0 - options_.beta2),
      .scale2 = static_cast<float>(1.0 - std::pow(options_.beta2, t)),
      .epsilon = static_cast<float>(options_.epsilon),
      .rate = static_cast<float>(-learning_rate / (1.0 - std::pow(options_.beta1, t)))};
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    HWY_DYNAMIC_DISPATCH(adam_step)
    (factors, {.n = parameters_[i].values.size(),
               .gradient = gradient.at(i).data(),
               .first = first_moment_[i].data(),
               .second = second_moment_[i].data(),
               .values = parameters_[i].values.data()});
  }
}

nets::SafetensorsFile Adam::state() const {
  nets::SafetensorsFile file;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const auto& [name, shape, values] = parameters_[i];
    file.tensors.emplace("exp_avg." + name, nets::TensorData::from_floats(shape, first_moment_[i]));
    file.tensors.emplace("exp_avg_sq." + name,
                         nets::TensorData::from_floats(shape, second_moment_[i]));
  }
  const std::int64_t steps[] = {n_steps_};
  file.tensors.emplace("step", nets::TensorData::from_int64s({1}, steps));
  return file;
}

void Adam::restore(const nets::SafetensorsFile& state, const std::string& origin) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const auto& [name, shape, values] = parameters_[i];
    nets::copy_entry(state, "exp_avg." + name, shape, origin, first_moment_[i]);
    nets::copy_entry(state, "exp_avg_sq." + name, shape, origin, second_moment_[i]);
  }
  const auto steps = state.tensor("step").as_int64s();
  if (steps.size() != 1) throw Error(ErrorCode::kBadData, origin + ": step is not one number");
  n_steps_ = steps[0];
}

double gradient_norm(const TensorViews& gradient) {
  double squares = 0.0;
  for (const auto& tensor : gradient) {
    double sum = 0.0;
    for (const float g : tensor) sum += double{g} * g;
    squares += sum;
  }
  return std::sqrt(squares);
}

void clip_gradient(const TensorViews& gradient, double norm, double max_norm) {
  if (max_norm <= 0.0 || norm <= max_norm) return;
  const auto factor = static_cast<float>(max_norm / norm);
  for (const auto& tensor : gradient) {
    for (float& g : tensor) g *= factor;
  }
}

}  // namespace ebm::training
#endif
