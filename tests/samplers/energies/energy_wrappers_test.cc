#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <vector>

#include "base/error.h"
#include "samplers/energies/conditional_energy.h"
#include "samplers/energies/double_well.h"
#include "samplers/energies/function_energy.h"
#include "samplers/energies/sum_energy.h"
#include "samplers/energies/tempered_energy.h"
#include "tests/samplers/evaluate_rows.h"

namespace ebm::samplers {
namespace {

/// E(x; c) = ½ Σ_d (x_d − c_d)², the context as large as the state.
class Attracted : public Energy {
 public:
  explicit Attracted(std::int64_t dim) : dim_(dim) {}
  std::int64_t dim() const override { return dim_; }
  std::int64_t context_dim() const override { return dim_; }
  std::int64_t preferred_blocks() const override { return 2; }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t) const override {
    class Each : public Evaluator {
      void evaluate(const BlockView& chains, std::span<float> energy,
                    std::span<float> energy_grad) override {
        ASSERT_EQ(chains.context.size(), chains.x.size());
        const std::size_t row = kLanes;
        const std::size_t block = chains.x.size() / static_cast<std::size_t>(chains.n_blocks);
        std::fill(energy.begin(), energy.end(), 0.0f);
        for (std::size_t i = 0; i < chains.x.size(); ++i) {
          energy_grad[i] = chains.x[i] - chains.context[i];
          energy[i / block * row + i % row] += 0.5f * energy_grad[i] * energy_grad[i];
        }
      }
    };
    return std::make_unique<Each>();
  }

 private:
  std::int64_t dim_;
};

TEST(ConditionalEnergyTest, GivesTheContextToEveryChain) {
  const ConditionalEnergy energy(std::make_shared<Attracted>(2), {1, -2});
  EXPECT_EQ(energy.context_dim(), 0);
  EXPECT_EQ(energy.preferred_blocks(), 2);
  std::vector<float> rows(2 * 50, 3.0f);
  const RowValues values = evaluate_rows(energy, rows);
  for (std::size_t n = 0; n < 50; ++n) {
    EXPECT_EQ(values.energy[n], 0.5f * (4 + 25));
    EXPECT_EQ(values.energy_grad[2 * n], 2.0f);
    EXPECT_EQ(values.energy_grad[2 * n + 1], 5.0f);
  }
}

TEST(ConditionalEnergyTest, ChainsKeepTheNumbersBeforeIt) {
  const auto attracted = std::make_shared<Attracted>(3);
  const ConditionalEnergy energy(attracted, {5.0f});
  ASSERT_EQ(energy.context_dim(), 2);
  constexpr std::size_t kN = 37;
  std::vector<float> rows(3 * kN, 0.5f), own, whole, found(kN), right(kN);
  for (std::size_t i = 0; i < kN; ++i) {
    const auto k = static_cast<float>(i);
    own.insert(own.end(), {k, -k});
    whole.insert(whole.end(), {k, -k, 5.0f});
  }
  const auto fill = [&](const Energy& of, const std::vector<float>& contexts,
                        std::vector<float>& out) {
    ChainStore chains(kN, 3, of.context_dim());
    chains.load_rows(rows);
    chains.load_context(contexts);
    evaluate_chains(of, chains, 2);
    chains.store_energy(out);
  };
  fill(energy, own, found);
  fill(*attracted, whole, right);
  EXPECT_EQ(found, right);
}

TEST(ConditionalEnergyTest, RefusesWhatDoesNotFit) {
  EXPECT_THROW(ConditionalEnergy(nullptr, {1}), Error);
  EXPECT_THROW(ConditionalEnergy(std::make_shared<DoubleWell>(1), {}), Error);
  EXPECT_THROW(ConditionalEnergy(std::make_shared<Attracted>(2), {}), Error);
  EXPECT_THROW(ConditionalEnergy(std::make_shared<Attracted>(2), {1, 2, 3}), Error);
  EXPECT_THROW(ConditionalEnergy(std::make_shared<Attracted>(1), {std::nanf("")}), Error);
}

TEST(SumEnergyTest, GivesTheContextToTheTermsThatHaveOne) {
  const auto attracted = std::make_shared<Attracted>(1);
  const auto well = std::make_shared<DoubleWell>(1, 1.0f);
  const auto sum =
      std::make_shared<SumEnergy>(std::vector<SumEnergy::Term>{{well, 2.0f}, {attracted, -1.0f}});
  EXPECT_EQ(sum->context_dim(), 1);
  EXPECT_EQ(sum->preferred_blocks(), 2);
  const RowValues values = evaluate_rows(ConditionalEnergy(sum, {5}), {2.0f, 0.0f});
  EXPECT_EQ(values.energy[0], 2 * 9.0f - 0.5f * 9);
  EXPECT_EQ(values.energy_grad[0], 2 * 24.0f + 3);
  EXPECT_EQ(values.energy[1], 2.0f - 12.5f);
}

TEST(SumEnergyTest, RefusesWhatDoesNotFit) {
  const auto well = std::make_shared<DoubleWell>(1);
  EXPECT_THROW(SumEnergy({}), Error);
  EXPECT_THROW(SumEnergy({{well, 1.0f}, {nullptr, 1.0f}}), Error);
  EXPECT_THROW(SumEnergy({{well, std::nanf("")}}), Error);
  EXPECT_THROW(SumEnergy({{well, 1.0f}, {std::make_shared<DoubleWell>(2), 1.0f}}), Error);
}

TEST(TemperedEnergyTest, RefusesWhatDoesNotFit) {
  EXPECT_THROW(TemperedEnergy(nullptr, 1.0f), Error);
  EXPECT_THROW(TemperedEnergy(std::make_shared<DoubleWell>(1), 0.0f), Error);
}

TEST(FunctionEnergyTest, IsCalledForEveryChainWithItsState) {
  const FunctionEnergy energy(2, [](std::span<const float> x, std::span<float> energy_grad) {
    energy_grad[0] = 10 * x[0];
    energy_grad[1] = x[1];
    return x[0] - x[1];
  });
  std::vector<float> rows;
  for (int i = 0; i < 80; ++i) rows.push_back(static_cast<float>(i));
  const RowValues values = evaluate_rows(energy, rows);
  for (std::size_t n = 0; n < 40; ++n) {
    EXPECT_EQ(values.energy[n], -1.0f);
    EXPECT_EQ(values.energy_grad[2 * n], 10 * rows[2 * n]);
    EXPECT_EQ(values.energy_grad[2 * n + 1], rows[2 * n + 1]);
  }
}

TEST(FunctionEnergyTest, WhatTheFunctionThrowsArrives) {
  const FunctionEnergy energy(1, [](std::span<const float>, std::span<float>) -> float {
    throw std::runtime_error("out of oil");
  });
  EXPECT_THROW(evaluate_rows(energy, {1.0f}), std::runtime_error);
  EXPECT_THROW(FunctionEnergy(0, [](auto, auto) { return 0.0f; }), Error);
  EXPECT_THROW(FunctionEnergy(1, {}), Error);
}

}  // namespace
}  // namespace ebm::samplers
