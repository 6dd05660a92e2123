// What a label costs: Langevin walks of 64 chains on one thread, in an iteration by turns of
//   plain         a network without conditions
//   conditional   the same with a class label, another one for each chain, in three ways
// of random weights. Times are processor time of the thread, which other programs disturb less;
// counters are medians over the iterations: milliseconds, and `ratio`, conditional to plain.

#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "nets/architecture/drawn_weights.h"
#include "nets/architecture/presets.h"
#include "nets/architecture/with_classes.h"
#include "nets/compiled/compiled_net.h"
#include "samplers/initial_states.h"
#include "samplers/kernels/langevin.h"
#include "samplers/run_chains.h"

namespace ebm::nets {
namespace {

constexpr std::int64_t kChains = 64, kSteps = 20;

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Of one walk from random states.
double walk_seconds(const CompiledNet& net, std::int64_t classes) {
  samplers::ChainStore chains(kChains, net.dim(), net.context_dim());
  std::vector<float> rows(static_cast<std::size_t>(kChains * net.dim()));
  samplers::draw_initial_states({.seed = 1}, 0, net.dim(), samplers::Box{-1, 1}, rows);
  chains.load_rows(rows);
  if (net.context_dim() > 0) {
    std::vector<float> labels;
    for (std::int64_t i = 0; i < kChains; ++i) {
      labels.push_back(static_cast<float>(37 * i % (classes + 1)));
    }
    chains.load_context(labels);
  }
  const samplers::Langevin kernel({.step_size = 10.0f,
                                   .noise_scale = 0.005f,
                                   .clamp_energy_grad = 0.03f,
                                   .box = samplers::Box{-1, 1}});
  const double start = thread_seconds();
  samplers::run_chains(net, kernel, chains, {.n_steps = kSteps, .key = {.seed = 2}});
  return thread_seconds() - start;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void conditional_walk(benchmark::State& state, const std::string& name, std::int64_t classes,
                      ClassCondition how, Precision precision) {
  const Architecture plain = preset(name, {1, 28, 28});
  const Architecture with_label = with_classes(plain, classes, how);
  const CompiledNet net(plain, drawn_weights(plain, 1), precision);
  const CompiledNet conditional(with_label, drawn_weights(with_label, 1), precision);
  std::map<std::string, std::vector<double>> found;
  for (auto _ : state) {
    const double without = walk_seconds(net, 0), with = walk_seconds(conditional, classes);
    found["plain"].push_back(1e3 * without);
    found["conditional"].push_back(1e3 * with);
    found["ratio"].push_back(with / without);
    state.SetIterationTime(with);
  }
  for (const auto& [counter, values] : found) state.counters[counter] = median(values);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * kChains * kSteps);
}

void add_cases() {
  for (const char* net : {"uva", "uva-wide"}) {
    for (const auto& how : kClassConditions) {
      for (const std::int64_t classes : {10, 1000}) {
        for (const auto& precision : kPrecisions) {
          const std::string name =
              std::string("BM_ConditionalWalk/net:") + net + "/condition:" + how.name +
              "/classes:" + std::to_string(classes) + "/precision:" + precision.name;
          benchmark::RegisterBenchmark(name.c_str(), conditional_walk, net, classes, how.value,
                                       precision.value)
              ->UseManualTime()
              ->Iterations(21)
              ->Unit(benchmark::kMillisecond);
        }
      }
    }
  }
}

const bool kAreAdded = (add_cases(), true);

}  // namespace
}  // namespace ebm::nets
