// Every kernel on the double well, in chain-steps per second: many chains in the plane, and 1024
// chains in 128 dimensions. Each is checked before it is timed.

#include <map>
#include <string>

#include "bench/samplers/reference.h"
#include "bench/samplers/support.h"
#include "samplers/energies/double_well.h"

namespace ebm::samplers {
namespace {

/// Of one step and coordinate: gradients, moves, the normal and the accept step's kinetic energies
/// (two multiply-adds each, one before and one after). 0 where branches decide.
const std::map<std::string, double> kFlops{
    {"langevin", Flops::kDoubleWell + Flops::kLangevinMove + Flops::kNormal},
    {"mala", Flops::kDoubleWell + Flops::kLeapfrog + 2 + 6 + Flops::kNormal},
    {"hmc", 10 * (Flops::kDoubleWell + Flops::kLeapfrog) + 2 + 6 + Flops::kNormal},
    {"nuts", 0},
    {"underdamped", Flops::kDoubleWell + 2 * Flops::kLeapfrog + 3 + Flops::kNormal},
    {"gradient-descent", Flops::kDoubleWell + 2},
    {"nesterov", Flops::kDoubleWell + 6},
    {"parallel-tempering", 0},
};

void kernel_step(benchmark::State& state, const std::string& sampler, std::int64_t dim,
                 const Walk& walk) {
  const std::string fault = fault_of(sampler);
  if (!fault.empty()) {
    state.SkipWithError(fault.c_str());
    return;
  }
  // In dimension 2 Langevin could run in registers; here all kernels call evaluate().
  const DoubleWell double_well(dim);
  // The default steps of these make the furthest starting states non-finite.
  const float step_size = sampler == "nesterov" ? 1e-3f : sampler == "underdamped" ? 0.05f : 0.0f;
  time_walks(state, BehindTheSeam(double_well), *bench_kernel(sampler, step_size), walk,
             kFlops.at(sampler) * static_cast<double>(dim));
}

const bool kRegistered = [] {
  for (const auto& [sampler, flops] : kFlops) {
    for (const bool plane : {true, false}) {
      for (const int n_threads : {1, 2}) {
        const std::int64_t dim = plane ? 2 : 128;
        const Walk walk{.n_chains = plane ? 100000 : 1024,
                        .n_steps = sampler == "nuts" ? 10 : 200,
                        .n_threads = n_threads};
        const std::string name =
            "BM_KernelStep/sampler:" + sampler + "/energy:double-well/dim:" + std::to_string(dim) +
            "/chains:" + std::to_string(walk.n_chains) + "/threads:" + std::to_string(n_threads);
        benchmark::RegisterBenchmark(name.c_str(),
                                     [sampler = sampler, dim, walk](benchmark::State& state) {
                                       kernel_step(state, sampler, dim, walk);
                                     })
            ->UseRealTime()
            ->Unit(benchmark::kMillisecond);
      }
    }
  }
  return true;
}();

}  // namespace
}  // namespace ebm::samplers
