#include "bench/samplers/reference.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <vector>

#include "base/philox.h"
#include "base/random.h"
#include "bench/samplers/support.h"
#include "samplers/energies/double_well.h"
#include "samplers/initial_states.h"
#include "samplers/kernels/sampler_settings.h"
#include "samplers/run_chains.h"

namespace ebm::samplers {
namespace {

constexpr std::int64_t kDim = 3;
constexpr std::int64_t kSteps = 5;
constexpr base::RandomKey kKey{.seed = 1};
constexpr std::int64_t kLeapfrog = 10;

using Vector = std::vector<double>;

double energy_of(const Vector& x) {
  double sum = 0.0;
  for (const double v : x) sum += 2.0 * (v * v - 1.0) * (v * v - 1.0);
  return sum;
}
double energy_grad_of(double v) { return 8.0 * v * (v * v - 1.0); }

/// One chain; `z` its normals of this step. Momentum is the sampler's own.
struct Chain {
  std::uint64_t id;
  Vector x, momentum;
};

void langevin(Chain& chain, double step_size, const Vector& z) {
  for (std::size_t d = 0; d < kDim; ++d) {
    chain.x[d] += -step_size * energy_grad_of(chain.x[d]) + std::sqrt(2.0 * step_size) * z[d];
  }
}

void hmc(Chain& chain, double h, std::int64_t n_leapfrog, const Vector& z, std::uint64_t step) {
  Vector x = chain.x, p = z;
  const auto hamiltonian = [&] {
    double kinetic = 0.0;
    for (const double v : p) kinetic += 0.5 * v * v;
    return energy_of(x) + kinetic;
  };
  const double before = hamiltonian();
  for (std::int64_t i = 0; i < n_leapfrog; ++i) {
    for (std::size_t d = 0; d < kDim; ++d) p[d] -= 0.5 * h * energy_grad_of(x[d]);
    for (std::size_t d = 0; d < kDim; ++d) x[d] += h * p[d];
    for (std::size_t d = 0; d < kDim; ++d) p[d] -= 0.5 * h * energy_grad_of(x[d]);
  }
  const base::PhiloxKey key = base::subkey(kKey.philox_key(), kUniforms);
  const auto words = base::philox(
      {static_cast<std::uint32_t>(step / 4), 0, static_cast<std::uint32_t>(chain.id), 0}, key);
  const double uniform = ((words[step % 4] >> 9) + 0.5) * 0x1p-23;
  if (uniform < std::exp(before - hamiltonian())) chain.x = x;
}

void nesterov(Chain& chain, double step_size, double momentum) {
  for (std::size_t d = 0; d < kDim; ++d) {
    const double grad = energy_grad_of(chain.x[d]);
    chain.momentum[d] = momentum * chain.momentum[d] + grad;
    chain.x[d] -= step_size * (grad + momentum * chain.momentum[d]);
  }
}

using Step = std::function<void(Chain&, const Vector& z, std::uint64_t step)>;

/// Null for samplers that are checked by their moments.
Step step_of(const std::string& sampler) {
  const double step_size = default_step_size(sampler_kind(sampler));
  if (sampler == "langevin") {
    return [=](Chain& chain, const Vector& z, std::uint64_t) { langevin(chain, step_size, z); };
  }
  if (sampler == "mala") {
    return [=](Chain& chain, const Vector& z, std::uint64_t step) {
      hmc(chain, std::sqrt(2.0 * step_size), 1, z, step);
    };
  }
  if (sampler == "hmc") {
    return [=](Chain& chain, const Vector& z, std::uint64_t step) {
      hmc(chain, step_size, kLeapfrog, z, step);
    };
  }
  if (sampler == "gradient-descent" || sampler == "nesterov") {
    const double momentum = sampler == "nesterov" ? 0.9 : 0.0;
    return
        [=](Chain& chain, const Vector&, std::uint64_t) { nesterov(chain, step_size, momentum); };
  }
  return nullptr;
}

std::vector<float> starts(std::int64_t n, std::int64_t dim) {
  std::vector<float> rows(static_cast<std::size_t>(n * dim));
  draw_initial_states({.seed = 1, .domain = base::Domain::kChainInit}, 0, dim, {}, rows);
  return rows;
}

std::vector<float> walked(const std::string& sampler, std::int64_t n, std::int64_t dim,
                          std::int64_t n_steps) {
  std::vector<float> rows = starts(n, dim);
  ChainStore chains(n, dim);
  chains.load_rows(rows);
  run_chains(DoubleWell(dim), *bench_kernel(sampler), chains, {.n_steps = n_steps, .key = kKey});
  chains.store_rows(rows);
  return rows;
}

double error_of_chains(const std::string& sampler, const Step& make_step) {
  const std::vector<float> start = starts(kLanes, kDim);
  const std::vector<float> found = walked(sampler, kLanes, kDim, kSteps);
  const std::vector<float> noise = block_normals(kKey, kSteps * kDim);
  double worst = 0.0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const auto first = start.begin() + static_cast<std::ptrdiff_t>(lane * kDim);
    Chain chain{lane, {first, first + kDim}, Vector(kDim, 0.0)};
    for (std::size_t step = 0; step < kSteps; ++step) {
      Vector z;
      for (std::size_t d = 0; d < kDim; ++d) z.push_back(noise[(step * kDim + d) * kLanes + lane]);
      make_step(chain, z, step);
    }
    for (std::size_t d = 0; d < kDim; ++d) {
      worst = std::max(worst, std::abs(chain.x[d] - found[lane * kDim + d]));
    }
  }
  return worst;
}

/// In standard errors: the coordinates of the chains are independent.
double error_of_moment(const std::string& sampler) {
  const std::vector<float> x = walked(sampler, 8192, 2, 300);
  // Of replicas only the coldest walk at T = 1.
  const std::size_t stride = sampler == "parallel-tempering" ? 4 : 1;
  double n = 0.0, sum = 0.0, square = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (i / 2 % stride != 0) continue;
    const double v = double{x[i]} * x[i];
    n += 1.0;
    sum += v;
    square += v * v;
  }
  const double mean = sum / n;
  return std::abs(mean - 0.8521362) / std::sqrt((square / n - mean * mean) / n);
}

}  // namespace

std::unique_ptr<const Kernel> bench_kernel(const std::string& sampler, float step_size) {
  const SamplerKind kind = sampler_kind(sampler);
  SamplerSettings settings{.sampler = kind, .n_leapfrog = kLeapfrog};
  settings.step_size = step_size > 0.0f ? step_size : default_step_size(kind);
  return make_kernel(settings);
}

std::string fault_of(const std::string& sampler) {
  static std::map<std::string, std::string> known;
  const auto found = known.find(sampler);
  if (found != known.end()) return found->second;
  const Step step = step_of(sampler);
  std::string fault;
  // Not (error > ...): NaN is wrong too.
  if (step && !(error_of_chains(sampler, step) < 1e-4)) fault = "chains differ from the formula";
  if (!step && !(error_of_moment(sampler) < 5.0)) fault = "E[x^2] is not that of the target";
  return known[sampler] = fault;
}

}  // namespace ebm::samplers
