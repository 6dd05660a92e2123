#include "samplers/ais/base_density.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/nets/expect_error.h"

namespace ebm::samplers {
namespace {

constexpr Box kWalls{-1.0f, 1.0f};
constexpr Box kGiven{-2.0f, 3.0f};

TEST(ChosenBaseTest, IsUniformWhereThereAreWalls) {
  EXPECT_FALSE(chosen_base({}, std::nullopt).box);
  EXPECT_EQ(chosen_base({}, std::nullopt).sd, 1.0f);
  EXPECT_EQ(chosen_base({}, kWalls).box->high, 1.0f);
  EXPECT_EQ(chosen_base({.box = kGiven}, kWalls).box->high, 3.0f);
  EXPECT_EQ(chosen_base({.kind = BaseKind::kUniform}, kWalls).box->low, -1.0f);
}

TEST(ChosenBaseTest, AnSdOrItsNameMakesItGaussian) {
  EXPECT_EQ(chosen_base({.sd = 2.0}, kWalls).sd, 2.0f);
  EXPECT_FALSE(chosen_base({.sd = 2.0}, kWalls).box);
  EXPECT_FALSE(chosen_base({.kind = BaseKind::kGaussian}, kWalls).box);
}

TEST(ChosenBaseTest, WhatContradictsItselfIsRefused) {
  const auto refuse = [](const std::string& line, const BaseChoice& choice) {
    nets::expect_error(ErrorCode::kUsage, line, [&] { chosen_base(choice, std::nullopt); });
  };
  refuse("base = gaussian: has no walls; leave out --box",
         {.kind = BaseKind::kGaussian, .box = kGiven});
  refuse("base = uniform: has no sd; leave out --base-sd", {.kind = BaseKind::kUniform, .sd = 2.0});
  refuse("base = uniform: has no sd", {.sd = 2.0, .box = kGiven});
  refuse("base = uniform: needs --box LOW,HIGH", {.kind = BaseKind::kUniform});
  refuse("box: must have finite ends", {.box = Box{0.0f, std::numeric_limits<float>::infinity()}});
  refuse("base-sd = 1e-300", {.sd = 1e-300});
}

}  // namespace
}  // namespace ebm::samplers
