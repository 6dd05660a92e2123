#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "samplers/kernels/langevin.h"
#include "samplers/run_chains.h"

namespace ebm::samplers {

/// E and ∇E per coordinate from two functions of one number.
class CoordinateEnergy : public Energy {
 public:
  using Function = std::function<float(float)>;
  CoordinateEnergy(std::int64_t dim, Function e, Function grad, std::int64_t preferred = 1)
      : dim_(dim), e_(std::move(e)), grad_(std::move(grad)), preferred_(preferred) {}
  std::int64_t dim() const override { return dim_; }
  std::int64_t preferred_blocks() const override { return preferred_; }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t) const override {
    struct Each : Evaluator {
      const CoordinateEnergy& owner;
      explicit Each(const CoordinateEnergy& o) : owner(o) {}
      void evaluate(const BlockView& chains, std::span<float> energy,
                    std::span<float> energy_grad) override {
        std::fill(energy.begin(), energy.end(), 0.0f);
        const std::size_t row = kLanes, block = row * static_cast<std::size_t>(owner.dim_);
        for (std::size_t i = 0; i < chains.x.size(); ++i) {
          energy[i / block * row + i % row] += owner.e_(chains.x[i]);
          energy_grad[i] = owner.grad_(chains.x[i]);
        }
      }
    };
    return std::make_unique<Each>(*this);
  }

 private:
  std::int64_t dim_;
  Function e_, grad_;
  std::int64_t preferred_;
};

inline CoordinateEnergy quadratic(std::int64_t dim, float k, std::int64_t preferred = 1) {
  return {dim, [k](float x) { return 0.5f * k * x * x; }, [k](float x) { return k * x; },
          preferred};
}

inline std::vector<float> walk(const Energy& energy, const LangevinOptions& options, std::int64_t n,
                               std::int64_t n_steps, int n_threads = 1,
                               std::int64_t cut_after = 0) {
  ChainStore chains(n, energy.dim());
  std::vector<float> rows(static_cast<std::size_t>(n * energy.dim()));
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = 0.01f * static_cast<float>(i % 50);
  chains.load_rows(rows);
  const Langevin kernel(options);
  RunOptions run{.n_steps = cut_after, .key = {.seed = 9}, .n_threads = n_threads};
  run_chains(energy, kernel, chains, run);
  run.first_step = static_cast<std::uint64_t>(cut_after);
  run.n_steps = n_steps - cut_after;
  run_chains(energy, kernel, chains, run);
  chains.store_rows(rows);
  return rows;
}

}  // namespace ebm::samplers
