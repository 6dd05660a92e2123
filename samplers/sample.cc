#include "samplers/sample.h"

#include <algorithm>

#include "base/random.h"
#include "base/require.h"
#include "samplers/initial_states.h"
#include "samplers/run_chains.h"

namespace ebm::samplers {

void SampleOptions::validate() const {
  base::require_at_least("n_chains", n_chains, 1);
  base::require_at_least("n_steps", n_steps, 0);
  base::require_at_least("n_threads", n_threads, 1);
  if (!start_box) return;
  start_box->validate();
  base::require_finite("start_box.low", double{start_box->low});
  base::require_finite("start_box.high", double{start_box->high});
}

std::vector<float> sample(const Energy& energy, const Kernel& kernel,
                          const SampleOptions& options) {
  options.validate();
  const std::int64_t dim = energy.dim();
  std::vector<float> rows(static_cast<std::size_t>(options.n_chains * dim));
  draw_initial_states({.seed = options.seed, .domain = base::Domain::kSampleInit}, 0, dim,
                      options.start_box, rows);

  // All chains of an ensemble start at the same state, and its first one is the sample.
  const std::int64_t n_each = kernel.ensemble_size();
  std::vector<float> all(rows.size() * static_cast<std::size_t>(n_each));
  const auto row_of = [dim](std::vector<float>& states, std::int64_t row) {
    return states.begin() + row * dim;
  };
  for (std::int64_t chain = 0; chain < options.n_chains * n_each; ++chain) {
    std::copy_n(row_of(rows, chain / n_each), dim, row_of(all, chain));
  }
  ChainStore chains(options.n_chains * n_each, dim);
  chains.load_rows(all);
  run_chains(energy, kernel, chains,
             {.n_steps = options.n_steps,
              .key = {.seed = options.seed, .domain = base::Domain::kSampleNoise},
              .n_threads = options.n_threads});
  chains.store_rows(all);
  for (std::int64_t chain = 0; chain < options.n_chains; ++chain) {
    std::copy_n(row_of(all, chain * n_each), dim, row_of(rows, chain));
  }
  return rows;
}

}  // namespace ebm::samplers
