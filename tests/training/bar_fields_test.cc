#include "training/bar_fields.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace ebm::training {
namespace {

std::string joined(const BarFields& bar) {
  std::string all;
  for (const auto& [name, value] : bar.fields()) all += name + " " + value + "  ";
  return all;
}

TEST(BarFieldsTest, ARunWithChainsShowsItsGap) {
  BarFields bar;
  bar.take({{"buffer_age", 12.0},
            {"loss", 0.5},
            {"energy_gap", 0.25},
            {"rollbacks", std::int64_t{1}},
            {"iterations_per_s", 40.0}});
  EXPECT_EQ(joined(bar), "it/s 40  gap +0.250  age 12  ");
}

TEST(BarFieldsTest, ARunWithoutChainsShowsItsLoss) {
  BarFields bar;
  bar.take({{"iterations_per_s", 40.0}, {"loss", 0.5}, {"buffer_age", 0.0}});
  EXPECT_EQ(joined(bar), "it/s 40  loss 0.5  ");
}

TEST(BarFieldsTest, AFigureThatWasNotTakenKeepsItsLastValue) {
  BarFields bar;
  bar.take({figure_if("energy_data", std::nullopt), {"loss", 1.0}});
  EXPECT_EQ(joined(bar), "loss 1  ");
  bar.take({figure_if("energy_data", 3.0), {"loss", 2.0}});
  bar.take({figure_if("energy_data", std::nullopt), {"loss", 3.0}});
  EXPECT_EQ(joined(bar), "loss 3  E+ 3.000  ");
}

TEST(BarFieldsTest, LargeEnergiesAreShort) {
  BarFields bar;
  bar.take({{"energy_gap", -1.4996e27}, {"energy_data", 999999.0}, {"energy_samples", 1234567.0}});
  EXPECT_EQ(joined(bar), "gap -1.5e+27  E+ 999999.000  E- 1.235e+06  ");
}

}  // namespace
}  // namespace ebm::training
