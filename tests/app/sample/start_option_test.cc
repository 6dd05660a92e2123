#include "app/sample/start_option.h"

#include <gtest/gtest.h>

#include "tests/nets/expect_error.h"

namespace ebm::app {
namespace {

using evaluation::StartKind;

TEST(StartOptionTest, IsAWordOrAFile) {
  EXPECT_EQ(start_option("noise").kind, StartKind::kNoise);
  EXPECT_EQ(start_option("replay").kind, StartKind::kReplay);
  EXPECT_EQ(start_option("data").kind, StartKind::kData);
  EXPECT_EQ(start_option("runs/noise.npy").kind, StartKind::kFile);
  EXPECT_EQ(start_option("runs/noise.npy").file, "runs/noise.npy");
}

TEST(StartOptionTest, AnythingElseIsRefused) {
  for (const std::string text : {"", "noises", "Data", "x.csv"}) {
    nets::expect_error(ErrorCode::kUsage,
                       "init = " + text + ": must be noise, replay, data or FILE.npy",
                       [&] { start_option(text); });
  }
}

}  // namespace
}  // namespace ebm::app
