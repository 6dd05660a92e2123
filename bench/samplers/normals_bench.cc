// The normals alone, which bound every kernel that draws one per coordinate and step. Checked
// against the formula of normals.h in double precision before they are timed.

#include "samplers/simd/normals.h"

#include <algorithm>
#include <cmath>

#include "base/aligned_vector.h"
#include "base/philox.h"
#include "bench/samplers/support.h"
#include "samplers/simd/simd_target.h"

namespace ebm::samplers {
namespace {

double error_against_scalar() {
  constexpr std::int64_t kCalls = 64;
  const base::RandomKey key{.seed = 1};
  const std::vector<float> found = block_normals(key, 4 * kCalls);
  double worst = 0.0;
  for (std::uint32_t call = 0; call < kCalls; ++call) {
    for (std::uint32_t lane = 0; lane < kLanes; ++lane) {
      const auto words = base::philox({call, 0, lane, 0}, key.philox_key());
      for (std::uint32_t pair = 0; pair < 2; ++pair) {
        const double u = ((words[2 * pair] >> 1) + 0.5) * 0x1p-31;
        const double r = std::sqrt(-2.0 * std::log(u));
        const double angle = 2.0 * std::acos(-1.0) * words[2 * pair + 1] * 0x1p-32;
        const float* z = found.data() + (4 * call + 2 * pair) * kLanes + lane;
        worst = std::max({worst, std::abs(z[0] - r * std::cos(angle)),
                          std::abs(z[kLanes] - r * std::sin(angle))});
      }
    }
  }
  return worst;
}

// Into 64 KiB, so that the figure is of the arithmetic and not of memory.
void BM_Normals(benchmark::State& state) {
  if (!(error_against_scalar() < 1e-5)) {
    state.SkipWithError("normals differ from the scalar reference");
    return;
  }
  constexpr std::int64_t kCalls = 256;
  std::vector<std::uint64_t> ids(kLanes);
  for (std::uint64_t lane = 0; lane < kLanes; ++lane) ids[lane] = lane;
  base::AlignedVector<float> out(static_cast<std::size_t>(kCalls * 4 * kLanes));
  const base::PhiloxKey key = base::RandomKey{.seed = 1}.philox_key();
  std::uint64_t call = 0;
  for ([[maybe_unused]] auto _ : state) {
    fill_block_normals(key, ids.data(), call, kCalls, out.data());
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
    call += kCalls;
  }
  state.SetItemsProcessed(state.iterations() * kCalls * 4 * kLanes);
  report_flops(state, static_cast<double>(state.iterations() * kCalls * 4 * kLanes), 1,
               Flops::kNormal);
}
BENCHMARK(BM_Normals)->UseRealTime()->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace ebm::samplers
