#include "evaluation/report/score_file.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/atomic_file.h"
#include "data/formats/npy.h"

namespace ebm::evaluation {
namespace {

TEST(ScoreFileTest, EnergiesUnderEachClassAreColumns) {
  const std::filesystem::path folder = testing::TempDir();
  data::Dataset dataset;
  dataset.n = 2;
  dataset.labels = {1, 0};
  const std::vector<float> energies{0.5f, 1.5f, -2.0f, 0.25f};
  write_class_scores(folder / "scores.csv", energies, 2, dataset);
  EXPECT_EQ(base::read_file(folder / "scores.csv"),
            "item,label,energy_0,energy_1\n0,1,0.5,1.5\n1,0,-2,0.25\n");
  write_class_scores(folder / "scores.npy", energies, 2, dataset);
  const data::NpyArray array = data::read_npy(folder / "scores.npy");
  EXPECT_EQ(array.shape, (std::vector<std::int64_t>{2, 2}));
  EXPECT_EQ(std::get<std::vector<float>>(array.values), energies);
  dataset.labels.clear();
  write_scores(folder / "scores.csv", {0.5f, 1.5f}, dataset);
  EXPECT_EQ(base::read_file(folder / "scores.csv"), "item,energy\n0,0.5\n1,1.5\n");
}

}  // namespace
}  // namespace ebm::evaluation
