// Σ_b ∂θ(v_b·∇ₓE(x_b)) of a batch, in an iteration by turns of
//   compiled   nets::mixed_gradient, on as many threads as given
//   torch      LibTorch's double backward at its best: groups of 32, the threads side by side
//   energies   the compiled network's energies and input gradients of the same rows
//   weights    the compiled network's weight gradient of the same rows
// The time reported is that of `compiled`; counters are medians over the iterations: milliseconds,
// and times_torch, how many times as long LibTorch takes. Names with _alone are processor time on
// one thread, which other programs disturb less. forward_costs is compiled_alone in units of the
// forward pass: of energies_alone its part of the time of nets::layer_times.

#include "nets/gradients/mixed_gradient.h"

#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "nets/architecture/presets.h"
#include "nets/compiled/layer_times.h"
#include "nets/compiled/plan.h"
#include "nets/gradients/weight_gradient.h"
#include "samplers/chain_block.h"
#include "samplers/run_chains.h"
#include "torch_nets/compiled_backend.h"
#include "torch_nets/intraop_threads.h"

namespace ebm::torch_nets {
namespace {

template <class Work>
double wall_ms(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

double thread_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

template <class Work>
double alone_ms(const Work& work) {
  const double start = thread_ms();
  work();
  return thread_ms() - start;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::vector<float> normals(std::int64_t n, std::uint64_t seed) {
  std::vector<float> values(static_cast<std::size_t>(n));
  base::RandomStream stream({.seed = seed}, 0);
  for (float& value : values) value = static_cast<float>(stream.next_normal());
  return values;
}

void mixed_gradient_of(benchmark::State& state, const std::string& name, const nets::Shape& shape,
                       std::int64_t n, int threads) {
  use_one_intraop_thread();
  const TorchNet net(nets::preset(name, shape), 1);
  const auto compiled =
      compile(net, std::make_shared<const nets::Plan>(nets::make_plan(net.architecture())));
  const std::int64_t dim = shape.size();
  const auto rows = normals(n * dim, 1), directions = normals(n * dim, 2);
  const auto direction = [&](std::int64_t row, std::span<const float>, std::span<float> v) {
    std::copy_n(directions.begin() + row * dim, dim, v.begin());
  };
  const auto vectors = [&](std::int64_t first, const torch::Tensor& grad) {
    return torch::from_blob(const_cast<float*>(directions.data()) + first * dim, grad.sizes());
  };
  samplers::ChainStore chains(n, dim);
  chains.load_rows(rows);
  double forward = 0.0, backward = 0.0;
  for (const nets::LayerTime& layer : nets::layer_times(*compiled, 9)) {
    forward += layer.forward_seconds;
    backward += layer.backward_seconds;
  }
  const auto own = [&](int n_threads) {
    nets::mixed_gradient(*compiled, rows, direction, n_threads);
  };
  const auto torch = [&](int n_threads) { mixed_gradient(net, rows, vectors, n_threads); };
  const auto energies = [&](int n_threads) {
    chains.forget_energy();
    samplers::evaluate_chains(*compiled, chains, n_threads);
  };
  const auto weights = [&](int n_threads) {
    nets::weight_gradient(
        *compiled, rows, [](std::int64_t, float) { return 1.0f; }, n_threads);
  };
  std::map<std::string, std::vector<double>> found;
  for (auto _ : state) {
    const double time = wall_ms([&] { own(threads); });
    found["compiled"].push_back(time);
    found["torch"].push_back(wall_ms([&] { torch(threads); }));
    found["times_torch"].push_back(found["torch"].back() / time);
    const double alone = alone_ms([&] { own(1); });
    found["compiled_alone"].push_back(alone);
    found["torch_alone"].push_back(alone_ms([&] { torch(1); }));
    found["times_torch_alone"].push_back(found["torch_alone"].back() / alone);
    found["energies_alone"].push_back(alone_ms([&] { energies(1); }));
    found["weights_alone"].push_back(alone_ms([&] { weights(1); }));
    found["forward_costs"].push_back(
        alone / (found["energies_alone"].back() * forward / (forward + backward)));
    state.SetIterationTime(1e-3 * time);
  }
  for (const auto& [name, values] : found) state.counters[name] = median(values);
}

BENCHMARK_CAPTURE(mixed_gradient_of, uva, "uva", nets::Shape{1, 28, 28}, 128, 2)
    ->UseManualTime()
    ->Iterations(15)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(mixed_gradient_of, mnistnet, "mnistnet", nets::Shape{1, 28, 28}, 128, 2)
    ->UseManualTime()
    ->Iterations(9)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(mixed_gradient_of, igebm32, "igebm32", nets::Shape{3, 32, 32}, 64, 2)
    ->UseManualTime()
    ->Iterations(5)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace ebm::torch_nets
