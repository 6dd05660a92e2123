#include "samplers/throughput/bench_check.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.h"
#include "samplers/initial_states.h"
#include "samplers/run_chains.h"

namespace ebm::samplers {
namespace {

/// States of chains 0, 1, ... at their start.
std::vector<float> initial_rows(std::int64_t n, std::int64_t dim, std::uint64_t seed) {
  std::vector<float> rows(static_cast<std::size_t>(n * dim));
  draw_initial_states({.seed = seed, .domain = base::Domain::kSampleInit}, 0, dim, {}, rows);
  return rows;
}

/// |quotient − |∇E|| / (1 + |∇E|) for 16 states, the quotient being that of E along its gradient:
/// the median, as near a cusp a single one may be far off.
double gradient_error(const Energy& energy, std::uint64_t seed) {
  constexpr double kOffset = 3e-3;  // of either side
  const std::int64_t dim = energy.dim();
  ChainStore chains(kLanes, dim);
  const std::vector<float> middle = initial_rows(kLanes, dim, seed);
  chains.load_rows(middle);
  evaluate_chains(energy, chains, 1);
  const std::span<const float> grad = chains.blocks(0, 1).energy_grad;
  std::vector<double> norm(kLanes, 0.0);
  for (std::size_t i = 0; i < grad.size(); ++i) norm[i % kLanes] += grad[i] * grad[i];
  std::vector<float> ahead(middle), behind(middle);
  for (std::size_t i = 0; i < middle.size(); ++i) {
    const std::size_t chain = i / dim, d = i % dim;
    const double length = std::sqrt(norm[chain]);
    const double along = length > 0.0 ? grad[d * kLanes + chain] / length : 0.0;
    ahead[i] += static_cast<float>(kOffset * along);
    behind[i] -= static_cast<float>(kOffset * along);
  }
  std::vector<float> high(kLanes), low(kLanes);
  chains.load_rows(ahead);
  evaluate_chains(energy, chains, 1);
  chains.store_energy(high);
  chains.load_rows(behind);
  evaluate_chains(energy, chains, 1);
  chains.store_energy(low);
  std::vector<double> errors;
  for (std::size_t chain = 0; chain < kLanes; ++chain) {
    const double quotient = (double{high[chain]} - low[chain]) / (2.0 * kOffset);
    const double length = std::sqrt(norm[chain]);
    errors.push_back(std::abs(quotient - length) / (1.0 + length));
  }
  std::nth_element(errors.begin(), errors.begin() + kLanes / 2, errors.end());
  return errors[kLanes / 2];
}

/// |∇E − g| / |g| for 16 states, g being the gradient of the same energy in float32: the median.
double difference_from_float32(const Energy& energy, const Energy& in_float32, std::uint64_t seed) {
  const std::int64_t dim = energy.dim();
  const std::vector<float> rows = initial_rows(kLanes, dim, seed);
  ChainStore chains(kLanes, dim), exact(kLanes, dim);
  chains.load_rows(rows);
  exact.load_rows(rows);
  evaluate_chains(energy, chains, 1);
  evaluate_chains(in_float32, exact, 1);
  const std::span<const float> grad = chains.blocks(0, 1).energy_grad;
  const std::span<const float> right = exact.blocks(0, 1).energy_grad;
  double off[kLanes] = {}, size[kLanes] = {};
  for (std::size_t i = 0; i < grad.size(); ++i) {
    const double difference = double{grad[i]} - right[i];
    off[i % kLanes] += difference * difference;
    size[i % kLanes] += double{right[i]} * right[i];
  }
  std::vector<double> errors;
  for (std::int64_t chain = 0; chain < kLanes; ++chain) {
    errors.push_back(std::sqrt(off[chain] / size[chain]));
  }
  std::nth_element(errors.begin(), errors.begin() + kLanes / 2, errors.end());
  return errors[kLanes / 2];
}

/// States, then energies, after a short walk.
std::vector<float> short_walk(const BenchCase& bench_case, std::uint64_t seed, int n_threads) {
  // No multiple of 16, and more blocks than most machines have cores.
  constexpr std::int64_t kChains = 1000;
  const std::int64_t dim = bench_case.energy->dim(), n = std::min(kChains, bench_case.n_chains);
  std::vector<float> found = initial_rows(n, dim, seed);
  ChainStore chains(n, dim);
  chains.load_rows(found);
  run_chains(*bench_case.energy, *bench_case.kernel, chains,
             {.n_steps = std::min<std::int64_t>(10, bench_case.n_steps),
              .key = {seed, base::Domain::kSampleNoise},
              .n_threads = n_threads});
  evaluate_chains(*bench_case.energy, chains, n_threads);
  chains.store_rows(found);
  std::vector<float> energies(static_cast<std::size_t>(n));
  chains.store_energy(energies);
  found.insert(found.end(), energies.begin(), energies.end());
  return found;
}

[[noreturn]] void refuse(const BenchCase& bench_case, ErrorCode code, const std::string& what) {
  throw Error(code, sampler_name(bench_case.sampler) + " on " + bench_case.energy_name +
                        " is not timed: " + what);
}

}  // namespace

void check_case(const BenchCase& bench_case, std::uint64_t seed) {
  // Not (error < ...): NaN is wrong too.
  if (bench_case.in_float32) {
    // Of the presets in bfloat16 0.005 to 0.08; a factor of two or a sign is 1 and more.
    if (!(difference_from_float32(*bench_case.energy, *bench_case.in_float32, seed) < 0.25)) {
      refuse(bench_case, ErrorCode::kInternal, "the gradient is not that of float32");
    }
  } else if (!(gradient_error(*bench_case.energy, seed) < 0.05)) {
    refuse(bench_case, ErrorCode::kInternal, "the gradient is not that of the energy");
  }
  const std::vector<float> one = short_walk(bench_case, seed, 1);
  if (!std::all_of(one.begin(), one.end(), [](float v) { return std::isfinite(v); })) {
    refuse(bench_case, ErrorCode::kDiverged, "a chain became non-finite (NaN or infinity)");
  }
  const std::vector<float> other = short_walk(bench_case, seed, bench_case.n_threads);
  if (std::memcmp(one.data(), other.data(), one.size() * sizeof(float)) != 0) {
    refuse(bench_case, ErrorCode::kInternal,
           "chains on " + std::to_string(bench_case.n_threads) + " threads differ from those on 1");
  }
}

}  // namespace ebm::samplers
