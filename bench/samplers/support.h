#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "samplers/energy.h"
#include "samplers/kernel.h"

namespace ebm::samplers {

/// An energy without the fused Langevin walk: kernels call evaluate() only.
class BehindTheSeam : public Energy {
 public:
  /// @param energy  kept by the caller
  explicit BehindTheSeam(const Energy& energy) : energy_(energy) {}
  std::int64_t dim() const override { return energy_.dim(); }
  std::int64_t preferred_blocks() const override { return energy_.preferred_blocks(); }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

 private:
  const Energy& energy_;
};

/// Whether a Langevin walk on this energy keeps its state in registers.
bool walks_in_registers(const Energy& energy);

/// The normals of words 0, 1, ... of chains 0 to 15, [n_words, kLanes].
std::vector<float> block_normals(const base::RandomKey& key, std::int64_t n_words);

/// Counters of a figure: GFLOP/s by `flops_per_item`, and the fraction of
/// the FMA peak measured in this run with as many threads.
/// @param flops_per_item  0: only the peak, where the operations are not counted
void report_flops(benchmark::State& state, double n_items, int n_threads, double flops_per_item);

/// The size of a walk from N(0, I).
struct Walk {
  std::int64_t n_chains;
  std::int64_t n_steps;
  int n_threads;
};

/// Times whole walks, each going on where the last one ended. Items are chain-steps.
void time_walks(benchmark::State& state, const Energy& energy, const Kernel& kernel,
                const Walk& walk, double flops_per_chain_step);

/// Float operations, additions and multiplications alike, a fused one counted as two.
struct Flops {
  /// Of one normal: half of a Box-Muller pair. The integer work of Philox, about as long, is not
  /// in it.
  static constexpr double kNormal = 24.5;
  /// Of energy and gradient of the double well, a coordinate.
  static constexpr double kDoubleWell = 6.0;
  /// Of a Langevin move, a coordinate, without its normal.
  static constexpr double kLangevinMove = 4.0;
  /// Of a leapfrog step, a coordinate, without the gradient.
  static constexpr double kLeapfrog = 4.0;
};

}  // namespace ebm::samplers
