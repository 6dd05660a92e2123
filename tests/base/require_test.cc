#include "base/require.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/error.h"

namespace ebm::base {
namespace {

/// The message of the error that `check` throws, "" if it throws none.
template <class Check>
std::string refusal(const Check& check, ErrorCode code = ErrorCode::kUsage) {
  try {
    check();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  return "";
}

TEST(RequireTest, PositiveIsAboveZeroAndFinite) {
  const auto of = [](double x) { return refusal([&] { require_positive("a", x); }); };
  EXPECT_EQ(of(1e-300), "");
  EXPECT_EQ(of(0.0), "a = 0: must be a positive number");
  EXPECT_EQ(of(INFINITY), "a = inf: must be a positive number");
  EXPECT_NE(of(std::nan("")), "");
}

TEST(RequireTest, NonNegativeHasZero) {
  const auto of = [](double x) { return refusal([&] { require_non_negative("a", x); }); };
  EXPECT_EQ(of(0.0), "");
  EXPECT_EQ(of(-0.5), "a = -0.5: must be 0 or a positive number");
  EXPECT_NE(of(INFINITY), "");
}

TEST(RequireTest, FiniteNamesTheFirstOfMany) {
  EXPECT_EQ(refusal([] { require_finite("a", -1e300); }), "");
  const std::vector<float> values{0.0f, 1.0f, -INFINITY, NAN};
  EXPECT_EQ(refusal([&] { require_finite("a", values); }), "a[2] = -inf: must be finite");
}

TEST(RequireTest, AFloatIsNoZeroThatWasNone) {
  const auto of = [](double x) { return refusal([&] { to_float("t", x); }); };
  const std::string right =
      ": must be of a size from 1.2e-38 to 3.4e+38, as it is computed in "
      "float32";
  EXPECT_EQ(of(1e-300), "t = 1e-300" + right);
  EXPECT_EQ(of(-1e-39), "t = -1e-39" + right);  // which threads flush to 0
  EXPECT_EQ(of(1e39), "t = 1e+39" + right);
  EXPECT_EQ(to_float("t", 0.0), 0.0f);
  EXPECT_EQ(to_float("t", 0.1), 0.1f);
  EXPECT_EQ(to_float("t", double{std::numeric_limits<float>::min()}), 0x1p-126f);
  EXPECT_EQ(to_float("t", -double{std::numeric_limits<float>::max()}), -0x1.fffffep127f);
  EXPECT_EQ(to_float("t", INFINITY), INFINITY);
}

TEST(RequireTest, AtLeastTakesTheLeast) {
  const auto of = [](std::int64_t x, std::int64_t least) {
    return refusal([&] { require_at_least("n", x, least); });
  };
  EXPECT_EQ(of(3, 3), "");
  EXPECT_EQ(of(2, 3), "n = 2: must be at least 3");
  EXPECT_EQ(of(-1, 0), "n = -1: must be 0 or more");
}

TEST(RequireTest, BetweenTakesBothEnds) {
  const auto of = [](double x) { return refusal([&] { require_between("p", x, 0.25, 1.0); }); };
  EXPECT_EQ(of(0.25), "");
  EXPECT_EQ(of(1.0), "");
  EXPECT_EQ(of(1.5), "p = 1.5: must be from 0.25 to 1");
  EXPECT_NE(of(std::nan("")), "");
}

TEST(RequireTest, ASizeIsAnErrorOfShape) {
  const auto of = [](std::size_t n) {
    return refusal([&] { require_size("sds", n, 2, "one per mean"); }, ErrorCode::kShape);
  };
  EXPECT_EQ(of(2), "");
  EXPECT_EQ(of(3), "sds holds 3 values: must be 2, one per mean");
}

TEST(RequireTest, GivenIsNotNull) {
  const int one = 1;
  EXPECT_EQ(refusal([&] { require_given("energy", &one); }), "");
  EXPECT_EQ(refusal([] { require_given("energy", nullptr); }), "energy is null: must be given");
}

}  // namespace
}  // namespace ebm::base
