#include "landscape/basins.h"

#include <algorithm>

#include "base/require.h"
#include "landscape/flow_network.h"
#include "landscape/squared_distance.h"
#include "samplers/kernels/gradient_descent.h"
#include "samplers/kernels/nesterov.h"
#include "samplers/run_chains.h"

namespace ebm::landscape {

void BasinOptions::validate() const {
  base::require_at_least("descent-steps", n_steps, 0);
  base::require_positive("descent-step-size", step_size);
  base::require_non_negative("merge-distance", merge_distance);
}

namespace {

/// Along the floor of a valley twenty times as fast as without.
constexpr float kMomentum = 0.95f;

/// The squared length of a step of gradient descent.
double next_step(const float* x, const float* grad, std::int64_t dim, const BasinOptions& options) {
  double sum = 0.0;
  for (std::int64_t d = 0; d < dim; ++d) {
    float moved = x[d] - options.step_size * grad[d];
    if (options.box) moved = std::clamp(moved, options.box->low, options.box->high);
    sum += double{moved - x[d]} * double{moved - x[d]};
  }
  return sum;
}

}  // namespace

Basins find_basins(const samplers::Energy& energy, std::span<const float> rows,
                   const BasinOptions& options) {
  options.validate();
  const std::int64_t dim = energy.dim();
  const auto n = static_cast<std::int64_t>(rows.size()) / dim;
  samplers::ChainStore chains(n, dim);
  chains.load_rows(rows);
  const auto descend = [&](const samplers::Kernel& kernel, std::int64_t n_steps) {
    samplers::run_chains(energy, kernel, chains,
                         {.n_steps = n_steps, .n_threads = options.n_threads});
  };
  // From on high, momentum would carry over a ridge.
  const std::int64_t plain = (options.n_steps + 1) / 2;
  descend(samplers::GradientDescent({.step_size = options.step_size, .box = options.box}), plain);
  descend(samplers::Nesterov({.step_size = options.step_size,
                              .momentum = kMomentum,
                              .box = options.box,
                              .restart = true}),
          options.n_steps - plain);
  samplers::evaluate_chains(energy, chains, options.n_threads);
  std::vector<float> ends(rows.size()), energies(at(n));
  chains.store_rows(ends);
  chains.store_energy(energies);
  std::vector<float> grads(rows.size());
  chains.store_energy_grad(grads);

  Basins basins;
  const double nearest = options.merge_distance * options.merge_distance * static_cast<double>(dim);
  for (std::int64_t i = 0; i < n; ++i) {
    const float* end = ends.data() + i * dim;
    basins.n_unsettled += next_step(end, grads.data() + i * dim, dim, options) > nearest * 1e-6;
    std::int64_t state = 0;
    while (state < basins.n() &&
           squared_distance(end, basins.minima.data() + state * dim, dim) > nearest) {
      ++state;
    }
    if (state == basins.n()) {
      basins.minima.insert(basins.minima.end(), end, end + dim);
      basins.energies.push_back(energies[at(i)]);
    }
    basins.states.push_back(state);
  }
  return basins;
}

}  // namespace ebm::landscape
