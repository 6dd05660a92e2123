#include "training/divergence_guard.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"

namespace ebm::training {
namespace {

const Symptoms kWell{.loss = 1, .energy_gap = 0, .grad_norm = 1, .saturation = 0.5};

TEST(DivergenceGuardTest, ValuesThatAreNotFiniteAreDivergenceAtOnce) {
  DivergenceGuard guard({});
  EXPECT_FALSE(guard.observe(kWell));
  Symptoms nan = kWell;
  nan.loss = NAN;
  EXPECT_EQ(guard.observe(nan), "the loss is nan");
  Symptoms infinite = kWell;
  infinite.grad_norm = INFINITY;
  EXPECT_EQ(guard.observe(infinite), "the gradient norm is inf");
}

TEST(DivergenceGuardTest, EachBoundHasToBePassedSeveralTimesInARow) {
  const GuardOptions options{
      .max_energy_gap = 5, .max_grad_norm = 10, .max_saturation = 0.9, .patience = 3};
  for (int which = 0; which < 3; ++which) {
    Symptoms bad = kWell;
    (which == 0   ? bad.energy_gap
     : which == 1 ? bad.grad_norm
                  : bad.saturation) = which == 0   ? -6
                                      : which == 1 ? 11
                                                   : 0.95;
    DivergenceGuard guard(options);
    EXPECT_FALSE(guard.observe(bad));
    EXPECT_FALSE(guard.observe(bad));
    EXPECT_NE(guard.counts(), DivergenceGuard::Counts{});
    EXPECT_FALSE(guard.observe(kWell));
    EXPECT_EQ(guard.counts(), DivergenceGuard::Counts{});
    EXPECT_FALSE(guard.observe(bad));
    EXPECT_FALSE(guard.observe(bad));
    DivergenceGuard resumed(options);
    resumed.restore(guard.counts());
    EXPECT_TRUE(resumed.observe(bad)) << which;
  }
}

TEST(DivergenceGuardTest, BadOptionsAreRefused) {
  EXPECT_THROW(DivergenceGuard({.max_energy_gap = 0}), Error);
  EXPECT_THROW(DivergenceGuard({.patience = 0}), Error);
}

}  // namespace
}  // namespace ebm::training
