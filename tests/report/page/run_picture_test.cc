#include "report/page/run_picture.h"

#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "report/png.h"
#include "report/tensorboard/tensorboard_writer.h"

namespace ebm::report {
namespace {
namespace fs = std::filesystem;

TEST(RunPictureTest, IsAnEventOfTheNewestIteration) {
  const fs::path folder = fs::path(testing::TempDir()) / "run-picture";
  fs::remove_all(folder);
  fs::create_directories(folder);
  const std::string png = png_bytes({.width = 2, .height = 1, .channels = 1, .pixels = {0, 255}});
  EXPECT_FALSE(add_run_picture(folder, "confusion", png));
  EXPECT_TRUE(list_event_files(folder).empty());
  base::write_file_atomically(folder / "metrics.csv", "iteration,loss\n5,1\n77,2\n");
  EXPECT_TRUE(add_run_picture(folder, "confusion", png));
  ASSERT_EQ(list_event_files(folder).size(), 1u);
  const std::string events = base::read_file(list_event_files(folder)[0]);
  EXPECT_NE(events.find("confusion"), std::string::npos);
  EXPECT_NE(events.find(png), std::string::npos);
  EXPECT_NE(events.find(std::string("\x10") + '\x4d'), std::string::npos);  // step 77
  fs::remove_all(folder);
}

}  // namespace
}  // namespace ebm::report
