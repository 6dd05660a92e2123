#include <cmath>
#include <cstdio>
#include <memory>
#include <vector>

#include "ebm/objectives/contrastive_divergence.h"
#include "nets/architecture/presets.h"
#include "torch_nets/device_chains.h"
#include "torch_nets/intraop_threads.h"
#include "training/adam.h"

using namespace ebm;

int main() {
  torch_nets::use_one_intraop_thread();
  const auto net = std::make_shared<torch_nets::TorchNet>(nets::preset("mlp", {2, 1, 1}), 1);
  training::Adam optimiser(net->trainable_names(), net->trainable(), {});

  // Data on the unit circle; samples are what the untrained energy makes of its neighbourhood.
  constexpr std::int64_t kRows = 64;
  std::vector<float> data, samples;
  for (std::int64_t i = 0; i < kRows; ++i) {
    const float angle = 0.1f * static_cast<float>(i);
    data.insert(data.end(), {std::cos(angle), std::sin(angle)});
    samples.insert(samples.end(), {2 * std::sin(angle), 3 * std::cos(angle)});
  }
  torch_nets::make_chain_driver(net, nullptr, {.step_size = 0.01f, .noise_scale = 0.1f}, 2)
      ->advance(samples, {.n_steps = 10, .key = {.seed = 1}});

  const EvaluatedNet evaluated(net, nullptr, 2);
  const auto before = contrastive_divergence(evaluated, data, samples, 0.1);
  optimiser.step(before.gradient, 1e-3);
  const auto after = contrastive_divergence(evaluated, data, samples, 0.1);
  std::printf("loss %.4f, after one step of its gradient %.4f\n", before.loss, after.loss);
  return after.loss < before.loss ? 0 : 1;  // false for a loss that is not a number, too
}
