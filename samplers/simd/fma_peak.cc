#include "samplers/simd/fma_peak.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

#include "base/require.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/simd/fma_peak.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// n rounds of 12 multiply-adds that do not wait for each other: 4 cycles of latency on two ports
// need 8, and AVX2 has 16 registers for these and the two factors. An array of them would be
// spilled to the stack; with names, GCC 12's loop is 12 vfmadd132ps on registers and a counter for
// AVX2 and AVX-512, 12 mulps and 12 addps for SSE4. They start from different values, or the
// compiler would merge them.
// @return the operations made
double fma_rounds(std::int64_t n, float* sink) {
  const hn::ScalableTag<float> df;
  const auto a = hn::Set(df, 0.999f), b = hn::Set(df, 0.001f);
  auto s0 = hn::Set(df, 0.00f), s1 = hn::Set(df, 0.01f), s2 = hn::Set(df, 0.02f);
  auto s3 = hn::Set(df, 0.03f), s4 = hn::Set(df, 0.04f), s5 = hn::Set(df, 0.05f);
  auto s6 = hn::Set(df, 0.06f), s7 = hn::Set(df, 0.07f), s8 = hn::Set(df, 0.08f);
  auto s9 = hn::Set(df, 0.09f), s10 = hn::Set(df, 0.10f), s11 = hn::Set(df, 0.11f);
  for (std::int64_t i = 0; i < n; ++i) {
    s0 = hn::MulAdd(s0, a, b);
    s1 = hn::MulAdd(s1, a, b);
    s2 = hn::MulAdd(s2, a, b);
    s3 = hn::MulAdd(s3, a, b);
    s4 = hn::MulAdd(s4, a, b);
    s5 = hn::MulAdd(s5, a, b);
    s6 = hn::MulAdd(s6, a, b);
    s7 = hn::MulAdd(s7, a, b);
    s8 = hn::MulAdd(s8, a, b);
    s9 = hn::MulAdd(s9, a, b);
    s10 = hn::MulAdd(s10, a, b);
    s11 = hn::MulAdd(s11, a, b);
  }
  const auto even = hn::Add(hn::Add(hn::Add(s0, s2), hn::Add(s4, s6)), hn::Add(s8, s10));
  const auto odd = hn::Add(hn::Add(hn::Add(s1, s3), hn::Add(s5, s7)), hn::Add(s9, s11));
  *sink = hn::GetLane(hn::Add(even, odd));
  return static_cast<double>(n) * 12.0 * 2.0 * static_cast<double>(hn::Lanes(df));
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(fma_rounds);
namespace {

/// GFLOP/s of one run of n rounds a thread.
double run_rounds(OperationRounds rounds, int n_threads, std::int64_t n, std::vector<double>& flops,
                  std::vector<float>& sinks) {
  const auto start = std::chrono::steady_clock::now();
#pragma omp parallel for num_threads(n_threads) schedule(static, 1)
  for (int thread = 0; thread < n_threads; ++thread) {
    const auto i = static_cast<std::size_t>(thread);
    flops[i] = rounds(n, &sinks[i]);
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  double sum = 0.0;
  for (const double each : flops) sum += each;
  return sum / seconds.count() * 1e-9;
}

}  // namespace

double peak_gflops(OperationRounds rounds, std::int64_t n_rounds, int n_threads) {
  base::require_at_least("n_threads", n_threads, 1);
  std::vector<double> flops(static_cast<std::size_t>(n_threads));
  std::vector<float> sinks(flops.size());
  // After one run that wakes the threads and the wide registers. The best one counts: whatever else
  // the machine does can only lower it.
  constexpr int kRuns = 40;
  run_rounds(rounds, n_threads, n_rounds, flops, sinks);
  double best = 0.0;
  for (int run = 0; run < kRuns; ++run) {
    best = std::max(best, run_rounds(rounds, n_threads, n_rounds, flops, sinks));
  }
  return best;
}

double fma_peak_gflops(int n_threads) {
  return peak_gflops(HWY_DYNAMIC_DISPATCH(fma_rounds), 400'000, n_threads);
}

}  // namespace ebm::samplers
#endif
