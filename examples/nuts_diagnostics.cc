// NUTS on the posterior of the eight schools: adapts step size and mass, keeps the draws, and
// checks by R-hat, effective sample sizes and divergences whether they can be trusted.
#include <ebm/samplers.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

using namespace ebm;
using namespace ebm::samplers;

int main() {
  const EightSchools energy;
  const std::int64_t n_chains = 16, n_burn_in = 500, n_draws = 500, dim = energy.dim();
  const base::RandomKey key{.seed = 1, .domain = base::Domain::kSampleNoise};

  std::vector<float> starts(static_cast<std::size_t>(n_chains * dim));
  draw_initial_states({.seed = 1, .domain = base::Domain::kSampleInit}, 0, dim, {}, starts);
  ChainStore chains(n_chains, dim);
  chains.load_rows(starts);

  const auto make_nuts = [](float step_size, const std::vector<float>& inverse_mass) {
    return std::make_unique<Nuts>(
        NutsOptions{.step_size = step_size, .inverse_mass = inverse_mass});
  };
  const Adapted adapted =
      adapt(energy, make_nuts, chains,
            {.n_steps = n_burn_in, .target_acceptance = 0.9, .key = key, .n_threads = 2});

  std::vector<float> draws(static_cast<std::size_t>(n_draws * n_chains * dim));
  const RunInfo info =
      run_chains(energy, *make_nuts(adapted.step_size, adapted.inverse_mass), chains,
                 {.n_steps = n_draws,
                  .first_step = static_cast<std::uint64_t>(n_burn_in),
                  .key = key,
                  .n_threads = 2,
                  .trace = {.x = draws}});

  std::vector<std::int64_t> n_divergent;
  for (const ChainInfo& chain : info.chains) n_divergent.push_back(chain.n_divergent);
  const Diagnosis diagnosis = diagnose({.n_draws = n_draws,
                                        .n_chains = n_chains,
                                        .dim = dim,
                                        .x = draws,
                                        .n_divergent = n_divergent});
  const ScalarSummary& mu = diagnosis.rows.front();
  std::printf("E[mu] = %.3f, exactly 5.76 to two digits\n", mu.mean);
  std::printf("R-hat %.4f, bulk ESS %.0f, step size %.3f, %lld divergences\n", mu.rhat, mu.ess_bulk,
              double{adapted.step_size},
              static_cast<long long>(diagnosis.total_divergent().value_or(0)));
  for (const std::string& warning : diagnosis.warnings) std::printf("%s\n", warning.c_str());
}
