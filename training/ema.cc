#include "training/ema.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "training/ema.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ebm::training::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// average + share·(value − average), from the nearer end: for a share of 1 exactly the value.
void move_towards(const float* values, float share, std::size_t n, float* average) {
  const auto move = [&](auto d, std::size_t i) HWY_ATTR {
    const auto from = hn::LoadU(d, average + i), to = hn::LoadU(d, values + i);
    const auto way = hn::Sub(to, from);
    const auto moved = share < 0.5f ? hn::MulAdd(hn::Set(d, share), way, from)
                                    : hn::NegMulAdd(way, hn::Set(d, 1.0f - share), to);
    hn::StoreU(moved, d, average + i);
  };
  const hn::ScalableTag<float> d;
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= n; i += hn::Lanes(d)) move(d, i);
  for (; i < n; ++i) move(hn::CappedTag<float, 1>(), i);
}

}  // namespace ebm::training::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::training {
HWY_EXPORT(move_towards);

void update_average(const TensorViews& values, std::int64_t iteration, double decay,
                    const TensorViews& average) {
  const double t = static_cast<double>(iteration);
  const double kept = std::min(decay, (1.0 + t) / (10.0 + t));
  for (std::size_t i = 0; i < values.size(); ++i) {
    HWY_DYNAMIC_DISPATCH(move_towards)
    (values[i].data(), static_cast<float>(1.0 - kept), values[i].size(), average.at(i).data());
  }
}

}  // namespace ebm::training
#endif
