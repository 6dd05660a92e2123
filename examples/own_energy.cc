// An energy of one's own: a function that returns E(x) and writes its gradient.
#include <ebm/samplers.h>

#include <cstdio>
#include <span>
#include <vector>

using namespace ebm::samplers;

int main() {
  // A Gaussian with variances 1 and 1/4: E(x) = x₀²/2 + 2·x₁².
  const FunctionEnergy energy(2, [](std::span<const float> x, std::span<float> energy_grad) {
    energy_grad[0] = x[0];
    energy_grad[1] = 4.0f * x[1];
    return 0.5f * x[0] * x[0] + 2.0f * x[1] * x[1];
  });
  const Hmc kernel({.step_size = 0.25f, .n_leapfrog = 8, .jitter = 0.5});
  const std::vector<float> x =
      sample(energy, kernel, {.n_chains = 16000, .n_steps = 50, .seed = 1, .n_threads = 2});

  double mean_square = 0.0;
  for (std::size_t i = 1; i < x.size(); i += 2) mean_square += double{x[i]} * x[i] / 16000;
  std::printf("E[x1^2] = %.4f, exactly 0.25\n", mean_square);
}
