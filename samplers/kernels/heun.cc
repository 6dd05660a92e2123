#include "samplers/kernels/heun.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/kernels/heun.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/box-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

// Of a block. @return its first lane that is not finite, or −1
std::int64_t predict_block(const ChainBlocks& chains, std::int64_t block, float pull) {
  const Lanes zero = all_lanes(0.0f), whole = all_lanes(pull), half = all_lanes(0.5f * pull);
  Lanes taint = zero * load_lanes(chains.energy.data() + block * kLanes);
  for (std::int64_t row = block * chains.dim; row < (block + 1) * chains.dim; ++row) {
    float* x = chains.x.data() + row * kLanes;
    const Lanes grad = load_lanes(chains.energy_grad.data() + row * kLanes), from = load_lanes(x);
    const Lanes moved = neg_mul_add(whole, grad, from);
    taint = mul_add(zero, moved, taint);
    store_lanes(neg_mul_add(half, grad, from), chains.momentum.data() + row * kLanes);
    store_lanes(moved, x);
  }
  return first_tainted(taint);
}

// The same.
std::int64_t correct_block(const ChainBlocks& chains, std::int64_t block, float pull,
                           const Box* box) {
  const Lanes zero = all_lanes(0.0f), half = all_lanes(0.5f * pull);
  Lanes taint = zero * load_lanes(chains.energy.data() + block * kLanes);
  for (std::int64_t row = block * chains.dim; row < (block + 1) * chains.dim; ++row) {
    const Lanes grad = load_lanes(chains.energy_grad.data() + row * kLanes);
    const Lanes moved = neg_mul_add(half, grad, load_lanes(chains.momentum.data() + row * kLanes));
    taint = mul_add(zero, moved, taint);
    store_lanes(box == nullptr ? moved : clamp_lanes(moved, *box), chains.x.data() + row * kLanes);
  }
  return first_tainted(taint);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(predict_block);
HWY_EXPORT(correct_block);
namespace {

/// The first chain that update(block) finds not finite, or −1.
template <class Update>
std::int64_t update_all(const ChainBlocks& chains, const Update& update) {
  std::int64_t tainted = -1;
  for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
    const std::int64_t lane = update(block);
    if (tainted < 0 && lane >= 0) tainted = block * kLanes + lane;
  }
  return tainted;
}

}  // namespace

std::int64_t heun_predict(const ChainBlocks& chains, float pull) {
  const auto predict = HWY_DYNAMIC_DISPATCH(predict_block);
  return update_all(chains, [&](std::int64_t block) { return predict(chains, block, pull); });
}

std::int64_t heun_correct(const ChainBlocks& chains, float pull, const Box* box) {
  const auto correct = HWY_DYNAMIC_DISPATCH(correct_block);
  return update_all(chains, [&](std::int64_t block) { return correct(chains, block, pull, box); });
}

}  // namespace ebm::samplers
#endif
