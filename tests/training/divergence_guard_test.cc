#include "training/divergence_guard.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

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
  Symptoms no_gap = kWell;
  no_gap.energy_gap = NAN;
  EXPECT_EQ(guard.observe(no_gap), "the energy gap is nan");
  const std::vector<float> sound{1.0f, -3e38f}, broken{1.0f, INFINITY};
  Symptoms seen = kWell;
  seen.energies = sound;
  EXPECT_FALSE(guard.observe(seen));
  seen.energies = broken;
  EXPECT_EQ(guard.observe(seen), "an energy is inf");
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

/// A batch in which class 1 of two has this gap, and the other none.
Symptoms of_class_one(const ClassGap (&gaps)[2]) {
  Symptoms symptoms = kWell;
  symptoms.classes = gaps;
  return symptoms;
}

TEST(DivergenceGuardTest, AClassIsWatchedByTheMeanOfItsGaps) {
  DivergenceGuard guard({.patience = 3});
  guard.watch_classes(1.5, {"Bag", "Trouser", "none"});
  // Every other batch is far beyond the bound: the mean is -0.5, and then it goes to -2.
  for (int i = 0; i < 400; ++i) {
    const ClassGap gaps[] = {{}, {.gap = i % 2 == 0 ? -5.0 : 4.0, .weight = 3.0}};
    ASSERT_FALSE(guard.observe(of_class_one(gaps))) << i;
  }
  EXPECT_NEAR(guard.classes().at(1).sum / guard.classes().at(1).weight, -0.5, 0.1);
  EXPECT_NEAR(guard.classes().at(1).weight, 250.0, 3.0);
  EXPECT_EQ(guard.classes().at(0), DivergenceGuard::ClassState{});
  const ClassGap lost[] = {{}, {.gap = -2.0, .weight = 3.0}};
  std::optional<std::string> reason;
  int n = 0;
  for (; n < 400 && !reason; ++n) reason = guard.observe(of_class_one(lost));
  // -2 + 1.5·(1 − 3/250)^n is below -1.5 from n = 91 on, and the third of them is too much.
  EXPECT_NEAR(n, 93, 2);
  ASSERT_TRUE(reason);
  EXPECT_EQ(
      reason->find("the mean energy gap of class Trouser was beyond +-1.5 for 3 iterations, now "
                   "-1.5"),
      0u)
      << *reason;
}

TEST(DivergenceGuardTest, AClassIsWatchedFromWhenItsMeanIsOfManyRows) {
  DivergenceGuard guard({.patience = 1});
  guard.watch_classes(1.0, {"a", "b"});
  // 250·(1 − (1 − 1/25)^n) ≥ 225 from n = 57 on.
  const ClassGap gaps[] = {{}, {.gap = 9.0, .weight = 10.0}};
  for (int i = 1; i < 57; ++i) ASSERT_FALSE(guard.observe(of_class_one(gaps))) << i;
  EXPECT_EQ(guard.observe(of_class_one(gaps)),
            "the mean energy gap of class b was beyond +-1 for 1 iterations, now 9");
  // A batch of many rows counts for all before it.
  DivergenceGuard large({.patience = 1});
  large.watch_classes(1.0, {"a", "b"});
  const ClassGap many[] = {{}, {.gap = -1.25, .weight = 1000.0}};
  EXPECT_TRUE(large.observe(of_class_one(many)));
  EXPECT_EQ(large.classes().at(1).weight, 1000.0);
}

TEST(DivergenceGuardTest, TheClassFurthestFromZeroIsNamed) {
  DivergenceGuard guard({.patience = 1});
  guard.watch_classes(1.0, {"a", "b", "c"});
  const ClassGap gaps[] = {{.gap = -2.0, .weight = 300.0},
                           {.gap = -3.0, .weight = 300.0},
                           {.gap = 2.5, .weight = 300.0}};
  Symptoms symptoms = kWell;
  symptoms.classes = gaps;
  EXPECT_EQ(guard.observe(symptoms),
            "the mean energy gap of class b was beyond +-1 for 1 iterations, now -3");
}

TEST(DivergenceGuardTest, ClassesCountOnAfterTheirStateWasRestored) {
  DivergenceGuard guard({.patience = 3}), resumed({.patience = 3}), unwatched({.patience = 1});
  guard.watch_classes(1.0, {"a", "b"});
  resumed.watch_classes(1.0, {"a", "b"});
  const ClassGap gaps[] = {{}, {.gap = 2.0, .weight = 1000.0}};
  EXPECT_FALSE(guard.observe(of_class_one(gaps)));
  EXPECT_FALSE(guard.observe(of_class_one(gaps)));
  resumed.restore(guard.counts(), guard.classes());
  EXPECT_TRUE(resumed.observe(of_class_one(gaps)));
  EXPECT_FALSE(unwatched.observe(of_class_one(gaps)));
}

TEST(DivergenceGuardTest, BadOptionsAreRefused) {
  EXPECT_THROW(DivergenceGuard({.max_energy_gap = 0}), Error);
  EXPECT_THROW(DivergenceGuard({.patience = 0}), Error);
  EXPECT_THROW(DivergenceGuard({}).watch_classes(0.0, {"a"}), Error);
}

}  // namespace
}  // namespace ebm::training
