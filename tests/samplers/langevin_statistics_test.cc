#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "base/error.h"
#include "samplers/double_well.h"
#include "samplers/langevin.h"
#include "samplers/run_chains.h"

namespace ebm::samplers {
namespace {

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

CoordinateEnergy quadratic(std::int64_t dim, float k, std::int64_t preferred = 1) {
  return {dim, [k](float x) { return 0.5f * k * x * x; }, [k](float x) { return k * x; },
          preferred};
}

std::vector<float> walk(const Energy& energy, const LangevinOptions& options, std::int64_t n,
                        std::int64_t n_steps, int n_threads = 1, std::int64_t cut_after = 0) {
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

TEST(LangevinTest, StationaryVarianceIsThatOfTheDiscreteChain) {
  // 1/(k(1 − step_size·k/2)) = 1.0526316: a factor √2 or 2 wrong in noise or step is far outside.
  const std::int64_t n = 20000;
  const auto rows = walk(quadratic(2, 1.0f),
                         {.step_size = 0.1f, .noise_scale = noise_scale_of(0.1f, 1.0f)}, n, 200);
  double m2 = 0;
  for (const float x : rows) m2 += static_cast<double>(x) * x;
  const double draws = static_cast<double>(rows.size());
  // Independent Gaussian draws: the standard error of the variance v is v·√(2/draws).
  EXPECT_NEAR(m2 / draws, 1.0526316, 5 * 1.0526316 * std::sqrt(2 / draws));
}

TEST(LangevinTest, TemperatureOfAChainScalesItsVariance) {
  const CoordinateEnergy energy = quadratic(64, 1.0f);
  ChainStore chains(640, 64);
  std::vector<float> temperature(640);
  for (std::size_t i = 0; i < 640; ++i) temperature[i] = i % 2 == 0 ? 1.0f : 0.25f;
  chains.set_temperature(temperature);
  run_chains(energy, Langevin({.step_size = 0.1f, .noise_scale = noise_scale_of(0.1f, 1.0f)}),
             chains, {.n_steps = 150, .key = {.seed = 2}});
  std::vector<float> rows(640 * 64);
  chains.store_rows(rows);
  double m2[2] = {};
  for (std::size_t i = 0; i < rows.size(); ++i) m2[i / 64 % 2] += double{rows[i]} * rows[i] / 20480;
  const double se = std::sqrt(2.0 / 20480);
  EXPECT_NEAR(m2[0], 1.0526316, 5 * 1.0526316 * se);
  EXPECT_NEAR(m2[1], 0.25 * 1.0526316, 5 * 0.25 * 1.0526316 * se);
}

}  // namespace
}  // namespace ebm::samplers
