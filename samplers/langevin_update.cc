#include "samplers/langevin_update.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/langevin_update.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/normals-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

void fill_normals_on_target(base::PhiloxKey key, const std::uint64_t* chain_id,
                            std::uint64_t first_call, std::int64_t n_calls, float* out) {
  fill_normals(key, chain_id, first_call, n_calls, out);
}

// Rows of noise from `word` on; at least one, refilled when the last was used.
HWY_INLINE const float* noise_rows(const LangevinUpdate& u, NormalCache& cache, std::uint64_t word,
                                   std::int64_t* n_rows) {
  if (word < cache.begin || word >= cache.end) {
    constexpr std::int64_t kCalls = NormalCache::kWords / 4;
    cache.begin = word / 4 * 4;
    cache.end = cache.begin + NormalCache::kWords;
    fill_normals(u.key, u.chain_id, word / 4, kCalls, cache.normals);
  }
  *n_rows = static_cast<std::int64_t>(cache.end - word);
  return cache.normals + static_cast<std::int64_t>(word - cache.begin) * kLanes;
}

// Coordinates [begin, end); noise [end − begin, kLanes] or null. Adds 0·v of every value v that
// has to be finite to `taint`, which turns it into NaN if one is not: one FMA instead of a compare,
// and the minimum and maximum below would hide a NaN.
HWY_INLINE void update_rows(const LangevinUpdate& u, std::int64_t begin, std::int64_t end,
                            const float* HWY_RESTRICT noise, float* HWY_RESTRICT taint) {
  const FloatTag df;
  const auto zero = hn::Zero(df);
  const auto step = hn::Set(df, u.step_size);
  const auto max_grad = hn::Set(df, u.max_grad);
  const auto min_grad = hn::Neg(max_grad);
  const auto low = hn::Set(df, u.low);
  const auto high = hn::Set(df, u.high);
  for (std::size_t lane = 0; lane < kLanes; lane += hn::Lanes(df)) {
    const auto sigma =
        hn::Mul(hn::Set(df, u.noise_scale), hn::Sqrt(hn::Load(df, u.temperature + lane)));
    auto tainted = hn::Load(df, taint + lane);
    for (std::int64_t d = begin; d < end; ++d) {
      float* x_row = u.x + d * kLanes + static_cast<std::int64_t>(lane);
      const auto grad = hn::Load(df, u.energy_grad + d * kLanes + static_cast<std::int64_t>(lane));
      const auto clamped = hn::Min(hn::Max(grad, min_grad), max_grad);
      auto x = hn::NegMulAdd(step, clamped, hn::Load(df, x_row));
      if (noise != nullptr) {
        x = hn::MulAdd(
            sigma, hn::Load(df, noise + (d - begin) * kLanes + static_cast<std::int64_t>(lane)), x);
      }
      tainted = hn::MulAdd(zero, grad, tainted);
      tainted = hn::MulAdd(zero, x, tainted);
      hn::Store(hn::Min(hn::Max(x, low), high), df, x_row);
    }
    hn::Store(tainted, df, taint + lane);
  }
}

bool update_block_on_target(const LangevinUpdate& u, NormalCache& cache) {
  HWY_ALIGN float taint[kLanes] = {};
  if (u.noise_scale == 0.0f) {
    update_rows(u, 0, u.dim, nullptr, taint);
  } else {
    for (std::int64_t d = 0; d < u.dim;) {
      std::int64_t n_rows = 0;
      const float* noise =
          noise_rows(u, cache, u.first_word + static_cast<std::uint64_t>(d), &n_rows);
      const std::int64_t end = std::min(u.dim, d + n_rows);
      update_rows(u, d, end, noise, taint);
      d = end;
    }
  }
  return std::none_of(taint, taint + kLanes, [](float t) { return t != t; });
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(fill_normals_on_target);
HWY_EXPORT(update_block_on_target);

bool update_block(const LangevinUpdate& update, NormalCache& cache) {
  return HWY_DYNAMIC_DISPATCH(update_block_on_target)(update, cache);
}

void fill_block_normals(base::PhiloxKey key, const std::uint64_t* chain_id,
                        std::uint64_t first_call, std::int64_t n_calls, float* out) {
  HWY_DYNAMIC_DISPATCH(fill_normals_on_target)(key, chain_id, first_call, n_calls, out);
}

}  // namespace ebm::samplers
#endif
