#include <cstdio>
#include <span>
#include <vector>

#include "samplers/energies/double_well.h"
#include "samplers/initial_states.h"
#include "samplers/kernels/langevin.h"
#include "samplers/run_chains.h"

using namespace ebm;

int main() {
  const samplers::DoubleWell energy(1);
  const float step_size = 0.01f;
  const samplers::Langevin kernel(
      {.step_size = step_size, .noise_scale = samplers::noise_scale_of(step_size, 1.0f)});

  std::vector<float> x(1600);
  samplers::draw_initial_states({.seed = 1, .domain = base::Domain::kChainInit}, 0, 1, {}, x);
  samplers::ChainStore chains(1600, 1);
  chains.load_rows(x);
  samplers::run_chains(energy, kernel, chains, {.n_steps = 500, .key = {.seed = 1}});
  chains.store_rows(x);

  double mean_square = 0;
  for (const float value : x) mean_square += double{value} * double{value} / 1600;
  std::printf("E[x^2] = %.3f, exactly 0.852\n", mean_square);
  // sd(x²) is below 0.6: 0.1 is more than six standard errors of 1600 chains, bias included.
  return mean_square > 0.752 && mean_square < 0.952 ? 0 : 1;
}
