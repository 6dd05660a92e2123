// Langevin chains in chain-steps per second, through evaluate() and, where the energy offers it,
// with the state in registers. The first steps are checked against the update rule in double
// precision before anything is timed.

#include "samplers/kernels/langevin.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#include "bench/samplers/support.h"
#include "samplers/energies/double_well.h"
#include "samplers/energies/gaussian_mixture.h"
#include "samplers/run_chains.h"

namespace ebm::samplers {
namespace {

constexpr double kStepSize = 0.01;
const LangevinOptions kOptions{.step_size = static_cast<float>(kStepSize),
                               .noise_scale = noise_scale_of(0.01f, 1.0f)};

/// ∇E of one state.
using Gradient = std::vector<double> (*)(const std::vector<double>& x);

std::vector<double> double_well_gradient(const std::vector<double>& x) {
  std::vector<double> grad;
  for (const double v : x) grad.push_back(8.0 * v * (v * v - 1.0));
  return grad;
}

std::vector<double> eight_gaussians_gradient(const std::vector<double>& x) {
  constexpr double kPrecision = 1.0 / (0.15 * 0.15);
  double total = 0.0, pull_x = 0.0, pull_y = 0.0;
  for (int k = 0; k < 8; ++k) {
    const double angle = 2.0 * std::acos(-1.0) * k / 8.0;
    const double dx = x[0] - std::cos(angle), dy = x[1] - std::sin(angle);
    const double density = std::exp(-0.5 * kPrecision * (dx * dx + dy * dy));
    total += density;
    pull_x += density * dx;
    pull_y += density * dy;
  }
  return {kPrecision * pull_x / total, kPrecision * pull_y / total};
}

struct Target {
  std::string name;
  std::unique_ptr<const Energy> energy;
  Gradient gradient;
  double flops;  ///< of energy and gradient
};

Target target_of(std::int64_t which, std::int64_t dim) {
  if (which == 0) {
    return {"double-well", std::make_unique<DoubleWell>(dim), double_well_gradient,
            Flops::kDoubleWell * static_cast<double>(dim)};
  }
  // 8 modes of 2 offsets, 2 squares, an exponential of about 20, and the sums weighted by it.
  return {"8gaussians", std::make_unique<GaussianMixture>(eight_gaussians()),
          eight_gaussians_gradient, 8.0 * 34.0};
}

/// The largest difference after three steps of 16 chains from the update rule.
double error_against_scalar(const Energy& energy, Gradient gradient) {
  constexpr std::int64_t kSteps = 3;
  const std::int64_t dim = energy.dim();
  const base::RandomKey key{.seed = 1};
  ChainStore chains(kLanes, dim);
  std::vector<float> found(static_cast<std::size_t>(kLanes * dim), 0.5f);
  chains.load_rows(found);
  run_chains(energy, Langevin(kOptions), chains, {.n_steps = kSteps, .key = key});
  chains.store_rows(found);
  const std::vector<float> noise = block_normals(key, kSteps * dim);
  double worst = 0.0;
  for (std::int64_t lane = 0; lane < kLanes; ++lane) {
    std::vector<double> x(static_cast<std::size_t>(dim), 0.5);
    for (std::int64_t step = 0; step < kSteps; ++step) {
      const std::vector<double> grad = gradient(x);
      for (std::int64_t d = 0; d < dim; ++d) {
        const auto i = static_cast<std::size_t>(d);
        const auto word = static_cast<std::size_t>((step * dim + d) * kLanes + lane);
        x[i] += -kStepSize * grad[i] + double{kOptions.noise_scale} * noise[word];
      }
    }
    for (std::int64_t d = 0; d < dim; ++d) {
      worst = std::max(worst, std::abs(x[static_cast<std::size_t>(d)] -
                                       found[static_cast<std::size_t>(lane * dim + d)]));
    }
  }
  return worst;
}

// The last part of a name says how the energy is evaluated.
void langevin_step(benchmark::State& state, std::int64_t which, std::int64_t dim,
                   std::int64_t n_chains, int n_threads, bool seam) {
  const Target target = target_of(which, dim);
  const BehindTheSeam hidden(*target.energy);
  const Energy& energy = seam ? static_cast<const Energy&>(hidden) : *target.energy;
  if (!(error_against_scalar(energy, target.gradient) < 1e-4)) {
    state.SkipWithError("chains differ from the scalar reference");
    return;
  }
  const double flops =
      target.flops + (Flops::kLangevinMove + Flops::kNormal) * static_cast<double>(energy.dim());
  time_walks(state, energy, Langevin(kOptions),
             {.n_chains = n_chains, .n_steps = 100, .n_threads = n_threads}, flops);
}

void register_one(std::int64_t which, std::int64_t dim, std::int64_t n_chains) {
  const Target target = target_of(which, dim);
  for (const bool seam : {true, false}) {
    if (!seam && !walks_in_registers(*target.energy)) continue;
    for (const int n_threads : {1, 2}) {
      const std::string name =
          "BM_LangevinStep/energy:" + target.name + "/dim:" + std::to_string(dim) +
          "/chains:" + std::to_string(n_chains) + "/threads:" + std::to_string(n_threads) +
          "/backend:" + (seam ? "seam" : "registers");
      benchmark::RegisterBenchmark(name.c_str(),
                                   [=](benchmark::State& state) {
                                     langevin_step(state, which, dim, n_chains, n_threads, seam);
                                   })
          ->UseRealTime()
          ->Unit(benchmark::kMillisecond);
    }
  }
}

const bool kRegistered = [] {
  register_one(0, 1, 100000);
  register_one(0, 2, 100000);
  register_one(0, 64, 16384);
  register_one(1, 2, 100000);
  return true;
}();

}  // namespace
}  // namespace ebm::samplers
