#include "samplers/energies/guided_energy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "base/error.h"
#include "samplers/energies/double_well.h"
#include "samplers/run_chains.h"

namespace ebm::samplers {
namespace {

/// ½(1 + y)·(x − y)²·σ of a label y and a level σ, for as many blocks a call as are asked for.
class Labelled : public Energy {
 public:
  explicit Labelled(std::int64_t preferred) : preferred_(preferred) {}
  std::int64_t dim() const override { return 2; }
  std::int64_t context_dim() const override { return 2; }
  std::int64_t preferred_blocks() const override { return preferred_; }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t) const override {
    class Each : public Evaluator {
      void evaluate(const BlockView& chains, std::span<float> energy,
                    std::span<float> energy_grad) override {
        const std::size_t width = kLanes;
        for (std::size_t i = 0; i < energy.size(); ++i) {
          const std::size_t at = i / width * 2 * width + i % width;
          const float y = chains.context[at], level = chains.context[at + width];
          energy[i] = 0.0f;
          for (const std::size_t x : {at, at + width}) {
            const float off = chains.x[x] - y;
            energy[i] += 0.5f * (1.0f + y) * off * off * level;
            energy_grad[x] = (1.0f + y) * off * level;
          }
        }
      }
    };
    return std::make_unique<Each>();
  }

 private:
  std::int64_t preferred_;
};

/// A label and a level of its own in each of 37 chains.
TEST(GuidedEnergyTest, IsTheFormulaInEveryLane) {
  constexpr std::size_t kN = 37;
  constexpr double kNone = 4.0;
  std::vector<float> rows, contexts;
  for (std::size_t i = 0; i < kN; ++i) {
    rows.insert(rows.end(), {0.25f * static_cast<float>(i % 9), -0.5f * static_cast<float>(i % 5)});
    contexts.insert(contexts.end(),
                    {static_cast<float>(i % 5), 0.5f + 0.125f * static_cast<float>(i % 3)});
  }
  for (const std::int64_t preferred : {0, 1, 2, 3}) {
    for (const double weight : {0.0, 1.0, 3.0, -0.5}) {
      const GuidedEnergy energy(std::make_shared<Labelled>(preferred), kNone, {.weight = weight});
      ChainStore chains(kN, 2, 2);
      chains.load_rows(rows);
      chains.load_context(contexts);
      evaluate_chains(energy, chains, 2);
      std::vector<float> found(kN), gradient(2 * kN);
      chains.store_energy(found);
      chains.store_energy_grad(gradient);
      for (std::size_t i = 0; i < kN; ++i) {
        const double level = contexts[2 * i + 1], y = contexts[2 * i];
        double right = 0.0;
        for (std::size_t d = 0; d < 2; ++d) {
          const double x = rows[2 * i + d];
          const auto e = [&](double at) { return 0.5 * (1 + at) * (x - at) * (x - at) * level; };
          const auto slope = [&](double at) { return (1 + at) * (x - at) * level; };
          right += e(kNone) + weight * (e(y) - e(kNone));
          EXPECT_NEAR(gradient[2 * i + d], slope(kNone) + weight * (slope(y) - slope(kNone)), 1e-4)
              << "chain " << i << ", w = " << weight;
        }
        EXPECT_NEAR(found[i], right, 1e-5 * (10 + std::abs(right)))
            << "chain " << i << ", w = " << weight;
      }
    }
  }
}

/// In a block of chains at several times, w counts in those of the interval alone.
TEST(GuidedEnergyTest, TheWeightCountsInItsTimes) {
  constexpr std::size_t kN = 21;
  constexpr float kNone = 4.0f, kLevel = 0.5f, kX = 2.5f;
  for (const bool has_end : {false, true}) {
    Guidance guidance{.weight = 3.0, .start = 0.2};
    if (has_end) guidance.end = 0.8;
    const GuidedEnergy energy(std::make_shared<Labelled>(2), kNone, guidance);
    ASSERT_EQ(energy.context_dim(), 3);
    std::vector<float> contexts;
    for (std::size_t i = 0; i < kN; ++i) {
      contexts.insert(contexts.end(), {static_cast<float>(i % 5), kLevel, 0.05f * float(i)});
    }
    ChainStore chains(kN, 2, 3);
    chains.load_rows(std::vector<float>(2 * kN, kX));
    chains.load_context(contexts);
    evaluate_chains(energy, chains, 1);
    std::vector<float> found(kN), gradient(2 * kN);
    chains.store_energy(found);
    chains.store_energy_grad(gradient);
    for (std::size_t i = 0; i < kN; ++i) {
      const float y = contexts[3 * i];
      const auto e = [&](float at) { return (1 + at) * (kX - at) * (kX - at) * kLevel; };
      const auto slope = [&](float at) { return (1 + at) * (kX - at) * kLevel; };
      // Times 0.2 to 0.75, or to 1: i from 4 on.
      const bool counts = i >= 4 && (!has_end || i < 16);
      const float w = counts ? 3.0f : 1.0f;
      EXPECT_NEAR(found[i], e(kNone) + w * (e(y) - e(kNone)), 1e-4) << i;
      EXPECT_NEAR(gradient[2 * i + 1], slope(kNone) + w * (slope(y) - slope(kNone)), 1e-4) << i;
    }
  }
}

TEST(GuidedEnergyTest, RefusesWhatDoesNotFit) {
  const auto energy = [] { return std::make_shared<Labelled>(0); };
  EXPECT_THROW(GuidedEnergy(nullptr, 1, {}), Error);
  EXPECT_THROW(GuidedEnergy(std::make_shared<DoubleWell>(1), 1, {}), Error);
  EXPECT_THROW(GuidedEnergy(energy(), std::nanf(""), {}), Error);
  EXPECT_THROW(GuidedEnergy(energy(), 1, {.weight = std::nan("")}), Error);
  EXPECT_THROW(GuidedEnergy(energy(), 1, {.start = -0.1}), Error);
  EXPECT_THROW(GuidedEnergy(energy(), 1, {.start = 0.5, .end = 0.5}), Error);
  EXPECT_THROW(GuidedEnergy(energy(), 1, {.end = std::nan("")}), Error);
  EXPECT_NO_THROW(GuidedEnergy(energy(), 1, {.start = 0.5, .end = 0.6}));
}

}  // namespace
}  // namespace ebm::samplers
