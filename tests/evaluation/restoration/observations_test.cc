#include "evaluation/restoration/observations.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "data/formats/npy.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

constexpr data::ItemShape kSmall{1, 2, 2};

/// A file of the test that runs: others run at the same time.
std::string npy_file(const std::vector<float>& values, const std::vector<std::int64_t>& shape) {
  std::string file = testing::TempDir() + "observations_" +
                     testing::UnitTest::GetInstance()->current_test_info()->name() + ".npy";
  data::write_npy(file, values, shape);
  return file;
}

TEST(SimulateObservationsTest, AddNoiseOfTheirStandardDeviationByTheSeed) {
  const ObservationOperator noise = observation_operator("noise", {1, 20, 20});
  const std::vector<float> truth(100 * 400, 0.25f);
  EXPECT_EQ(simulate_observations(noise, truth, 0.0, 1), truth);
  const std::vector<float> y = simulate_observations(noise, truth, 0.3, 1);
  double mean = 0, square = 0;
  for (const float value : y) {
    mean += (value - 0.25) / 40000;
    square += (value - 0.25) * (value - 0.25) / 40000;
  }
  EXPECT_NEAR(mean, 0, 5 * 0.3 / 200);                           // the error of a mean is sd/√n
  EXPECT_NEAR(square, 0.09, 5 * 0.09 * std::sqrt(2.0 / 40000));  // and of a variance v·√(2/n)
  EXPECT_EQ(simulate_observations(noise, truth, 0.3, 1), y);
  EXPECT_NE(simulate_observations(noise, truth, 0.3, 2), y);
  EXPECT_NE(simulate_observations(noise, truth, 0.3, 1, 2), y);
  // The noise of an image does not depend on how many there are.
  const std::vector<float> few =
      simulate_observations(noise, {truth.begin(), truth.begin() + 800}, 0.3, 1);
  EXPECT_EQ(few, (std::vector<float>{y.begin(), y.begin() + 800}));
}

TEST(ReadObservationsTest, TakeAnyNumbersOfAnArray) {
  const ObservationOperator noise = observation_operator("noise", kSmall);
  const std::vector<float> values{1.5f, -2, 0, 1, 2, 3, 4, 5};
  const ReadImages read = read_observations(npy_file(values, {2, 1, 2, 2}), noise);
  EXPECT_EQ(read.n, 2);
  EXPECT_EQ(read.rows, values);
  // One observation needs no axis of its own.
  EXPECT_EQ(read_observations(npy_file({1, 2, 3, 4}, {2, 2}), noise).n, 1);
}

TEST(ReadObservationsTest, LeaveOutWhatAMaskHides) {
  const ObservationOperator mask = observation_operator("mask=box:1,0,1,2", kSmall);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const ReadImages read =
      read_observations(npy_file({1, nan, 2, 9, 3, 9, 4, nan}, {2, 2, 2}), mask);
  EXPECT_EQ(read.rows, (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(observations_as_images(mask, read.rows, 0.5f),
            (std::vector<float>{1, 0.5f, 2, 0.5f, 3, 0.5f, 4, 0.5f}));
}

TEST(ReadObservationsTest, RefuseWhatDoesNotFit) {
  const ObservationOperator noise = observation_operator("noise", kSmall);
  nets::expect_error(ErrorCode::kShape, "holds 6 values; expected observations of 1x2x2", [&] {
    read_observations(npy_file({1, 2, 3, 4, 5, 6}, {3, 2}), noise);
  });
  nets::expect_error(ErrorCode::kBadData, "observation 1 holds inf", [&] {
    read_observations(npy_file({1, 2, 3, 4, 5, INFINITY, 7, 8}, {2, 2, 2}), noise);
  });
}

}  // namespace
}  // namespace ebm::evaluation
