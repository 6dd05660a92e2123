#include "report/output_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "base/atomic_file.h"
#include "data/formats/npy.h"
#include "report/item_picture.h"
#include "report/labelled_grid.h"
#include "tests/nets/expect_error.h"

namespace ebm::report {
namespace {

OutputKind kind_of(const std::string& path, const std::string& option = "out") {
  return require_output(path,
                        {OutputKind::kPng, OutputKind::kNpy, OutputKind::kCsv, OutputKind::kJson,
                         OutputKind::kHtml, OutputKind::kSafetensors},
                        option);
}

TEST(OutputFileTest, TheEndingIsTheKind) {
  const std::string folder = testing::TempDir();
  EXPECT_EQ(kind_of(folder + "x.png"), OutputKind::kPng);
  EXPECT_EQ(kind_of(folder + "x.npy"), OutputKind::kNpy);
  EXPECT_EQ(kind_of(folder + "x.csv"), OutputKind::kCsv);
  EXPECT_EQ(kind_of(folder + "x.json"), OutputKind::kJson);
  EXPECT_EQ(kind_of(folder + "x.html"), OutputKind::kHtml);
  EXPECT_EQ(kind_of(folder + "x.safetensors"), OutputKind::kSafetensors);
}

TEST(OutputFileTest, AnotherEndingIsRefused) {
  const auto require = [](const std::string& path, const std::string& option = "out") {
    return require_output(path, {OutputKind::kNpy, OutputKind::kCsv}, option);
  };
  nets::expect_error(ErrorCode::kUsage, "out = x.png: must end in .npy or .csv",
                     [&] { require("x.png"); });
  nets::expect_error(ErrorCode::kUsage, "trace = npy: must end in .npy or .csv",
                     [&] { require("npy", "trace"); });
}

TEST(OutputFileTest, AFolderThatDoesNotExistIsRefusedBeforeTheWork) {
  nets::expect_error(ErrorCode::kIo, "no-such-folder", [] { kind_of("no-such-folder/x.npy"); });
}

/// A file of this test, which is gone afterwards.
class WriteRowsTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  std::string written(OutputKind kind, const data::ItemShape& shape, bool is_image,
                      const std::vector<std::string>& groups = {}) const {
    write_rows(path_, kind, rows_, shape, is_image, groups);
    return base::read_file(path_);
  }

  const std::vector<float> rows_{-1.0f, -0.5f, 0.0f, 0.5f, 1.0f, 0.25f, -0.25f, 0.75f};
  const std::string path_ = testing::TempDir() + "write_rows_" +
                            testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(WriteRowsTest, AnArrayKeepsTheAxesOfImages) {
  written(OutputKind::kNpy, {1, 2, 2}, true);
  EXPECT_EQ(data::read_npy(path_).shape, (std::vector<std::int64_t>{2, 1, 2, 2}));
  written(OutputKind::kNpy, {4, 1, 1}, false);
  const data::NpyArray points = data::read_npy(path_);
  EXPECT_EQ(points.shape, (std::vector<std::int64_t>{2, 4}));
  EXPECT_EQ(std::get<std::vector<float>>(points.values), rows_);
}

TEST_F(WriteRowsTest, APictureOfSeveralGroupsHasTheirNames) {
  const data::ItemShape shape{1, 2, 2};
  const std::string plain = picture_of(rows_, shape, true);
  EXPECT_EQ(written(OutputKind::kPng, shape, true), plain);
  EXPECT_EQ(written(OutputKind::kPng, shape, true, {"all"}), plain);
  EXPECT_EQ(written(OutputKind::kPng, shape, true, {"bag", "boot"}),
            png_bytes(labelled_grid(rows_, shape, {"bag", "boot"})));
  EXPECT_EQ(written(OutputKind::kPng, {2, 1, 1}, false, {"bag", "boot"}),
            picture_of(rows_, {2, 1, 1}, false));
}

}  // namespace
}  // namespace ebm::report
