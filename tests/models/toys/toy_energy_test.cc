#include "models/toys/toy_energy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/formats/npy.h"
#include "tests/base/system/scoped_home.h"
#include "tests/samplers/evaluate_rows.h"

namespace ebm::models {
namespace {

/// E and ∇E at one point.
struct Values {
  double energy;
  std::vector<float> gradient;
};
Values at(const std::string& spec, const std::vector<float>& x) {
  const samplers::RowValues values = samplers::evaluate_rows(*toy_energy(spec), x);
  return {double{values.energy[0]}, values.energy_grad};
}

class ToyEnergyTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string write(const char* name, const std::vector<float>& values,
                    const std::vector<std::int64_t>& shape) const {
    data::write_npy(folder_ / name, values, shape);
    return (folder_ / name).string();
  }

 private:
  std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) /
                                  testing::UnitTest::GetInstance()->current_test_info()->name();
};

// The inverse of sd²·[1 ρ; ρ 1] is [1 −ρ; −ρ 1]/(sd²(1 − ρ²)).
TEST_F(ToyEnergyTest, DenseGaussianHasTheCovariancesOfAnAutoregression) {
  const Values found = at("toy:dense-gaussian,correlation=0.6,sd=2", {1, -3});
  const double scale = 1 / (4 * (1 - 0.36));
  EXPECT_NEAR(found.energy, 0.5 * scale * (1 + 9 + 2 * 0.6 * 3), 1e-6);
  EXPECT_NEAR(found.gradient[0], scale * (1 + 0.6 * 3), 1e-6);
  EXPECT_NEAR(found.gradient[1], scale * (-3 - 0.6), 1e-6);
  // ln det of the autoregression: dim·ln sd² + (dim − 1)·ln(1 − ρ²).
  const double log_det = 5 * std::log(4.0) + 4 * std::log(1 - 0.36);
  EXPECT_NEAR(*toy_energy("toy:dense-gaussian,dim=5,correlation=0.6,sd=2")->log_z(),
              0.5 * (5 * std::log(2 * M_PI) + log_det), 1e-6);
}

TEST_F(ToyEnergyTest, DenseGaussianOfFiles) {
  const std::string covariance = write("c.npy", {2, 0.5f, 0.5f, 1}, {2, 2});
  const std::string mean = write("m.npy", {1, -1}, {2});
  const Values found = at("toy:dense-gaussian,covariance=" + covariance + ",mean=" + mean, {2, 1});
  // P = [1 −0.5; −0.5 2]/1.75, x − μ = (1, 2).
  EXPECT_NEAR(found.energy, 0.5 * (1 - 2 + 8) / 1.75, 1e-6);
  EXPECT_NEAR(found.gradient[0], 0.0, 1e-6);
  EXPECT_NEAR(found.gradient[1], 3.5 / 1.75, 1e-6);
}

TEST_F(ToyEnergyTest, ATildeBeforeAFileIsHome) {
  const std::string mean = write("m.npy", {1, -1}, {2});
  const base::ScopedHome home(std::filesystem::path(mean).parent_path().c_str());
  EXPECT_NEAR(at("toy:dense-gaussian,correlation=0,mean=~/m.npy", {2, 1}).energy, 0.5 * 5, 1e-6);
}

TEST_F(ToyEnergyTest, MixtureOfFiles) {
  const std::string means = write("m.npy", {-1, 2}, {2, 1});
  const std::string weights = write("w.npy", {2, 3}, {2});
  const Values found = at("toy:mixture,sd=0.5,means=" + means + ",weights=" + weights, {0.5f});
  const auto part = [](double x) { return std::exp(-2 * x * x) / std::sqrt(0.5 * M_PI); };
  EXPECT_NEAR(found.energy, -std::log(0.4 * part(1.5) + 0.6 * part(-1.5)), 1e-6);
}

TEST_F(ToyEnergyTest, OperatorsMayBeInNamesOfFiles) {
  const std::string means = write("a - b.npy", {-1, 2}, {2, 1});
  const Values one = at("toy:mixture,sd=0.5,means=" + means, {0.5f});
  EXPECT_EQ(at("toy:mixture,means=" + means + ",sd=0.5", {0.5f}).energy, one.energy);
  EXPECT_NEAR(at("toy:mixture,sd=0.5,means=" + means + " + 2*toy:double-well", {0.5f}).energy,
              one.energy + 2 * at("toy:double-well", {0.5f}).energy, 1e-5);
}

TEST_F(ToyEnergyTest, MixtureIsDrawnFromItsSeed) {
  const std::vector<float> x{0.3f, 0.7f, -1};
  const std::string spec = "toy:mixture,dim=3,modes=4,seed=";
  EXPECT_EQ(at(spec + "1", x).energy, at(spec + "1", x).energy);
  EXPECT_NE(at(spec + "1", x).energy, at(spec + "2", x).energy);
}

TEST_F(ToyEnergyTest, SumWeighsItsTerms) {
  const std::vector<float> x{0.3f, -2};
  const Values banana = at("toy:banana", x), rings = at("toy:rings,sd=0.2", x);
  const Values found = at("toy:sum(2.5*banana;-1e-1*rings,sd=0.2)", x);
  EXPECT_NEAR(found.energy, 2.5 * banana.energy - 0.1 * rings.energy, 1e-4);
  for (std::size_t d = 0; d < 2; ++d) {
    EXPECT_NEAR(found.gradient[d],
                2.5 * double{banana.gradient[d]} - 0.1 * double{rings.gradient[d]}, 1e-4);
  }
}

TEST_F(ToyEnergyTest, TemperedDivides) {
  const std::vector<float> x{3, -2, 1};
  EXPECT_NEAR(at("toy:tempered(funnel,dim=3,sd=2),temperature=4", x).energy,
              at("toy:funnel,dim=3,sd=2", x).energy / 4, 1e-6);
}

TEST_F(ToyEnergyTest, ConditionalGivesTheContext) {
  EXPECT_NEAR(at("toy:conditional(observation,sd=0.5),at=1/-2", {2, 0}).energy, (1 + 4) / 0.5,
              1e-5);
  // One number stands for all coordinates.
  EXPECT_NEAR(at("toy:conditional(observation,dim=3),at=1", {0, 1, 3}).energy, 0.5 * (1 + 4), 1e-6);
  EXPECT_NEAR(*toy_energy("toy:conditional(observation,sd=0.5),at=7")->log_z(),
              std::log(2 * M_PI * 0.25), 1e-9);
}

TEST_F(ToyEnergyTest, CombinationsNest) {
  const std::vector<float> x{0.5f, 1.5f};
  const Values found =
      at("toy:tempered(conditional(sum(observation,sd=2;3*8gaussians)),at=1/0),temperature=2", x);
  const double observed = (0.25 + 2.25) / 8;
  EXPECT_NEAR(found.energy, (observed + 3 * at("toy:8gaussians", x).energy) / 2, 1e-4);
}

TEST_F(ToyEnergyTest, DepthIsBounded) {
  std::string spec = "rings";
  for (int i = 0; i < 1000; ++i) spec = "tempered(" + spec;
  try {
    toy_energy("toy:" + spec + std::string(1000, ')'));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_NE(std::string(error.what()).find("must be at most 16 deep"), std::string::npos);
  }
}

}  // namespace
}  // namespace ebm::models
