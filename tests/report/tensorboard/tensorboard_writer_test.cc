#include "report/tensorboard/tensorboard_writer.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/atomic_file.h"
#include "base/error.h"
#include "report/tensorboard/event_record.h"

namespace ebm::report {
namespace {
namespace fs = std::filesystem;

class TensorboardWriterTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(folder_);
    fs::create_directory(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  static void write_loss(TensorboardWriter& writer, std::int64_t step) {
    writer.write_scalars(step, std::vector<NamedScalar>{{"loss", 0.5}});
  }
  static std::size_t n_records(const fs::path& file) {
    const std::string content = base::read_file(file);
    return read_event_records(content, file).size();
  }

  fs::path folder_;
};

TEST_F(TensorboardWriterTest, TheFileBeginsWithTheFirstEventAndHoldsEachAtOnce) {
  TensorboardWriter writer(folder_);
  writer.start(0);
  EXPECT_TRUE(list_event_files(folder_).empty());
  write_loss(writer, 1);
  const auto files = list_event_files(folder_);
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(n_records(files[0]), 3u);  // the version, the start, the scalar
  writer.write_histogram(1, "energies", std::vector<float>{1, 2});
  EXPECT_EQ(n_records(files[0]), 4u);
  writer.start(0);  // as after a roll-back
  write_loss(writer, 1);
  EXPECT_EQ(n_records(files[0]), 6u);
  EXPECT_EQ(list_event_files(folder_), files);
}

TEST_F(TensorboardWriterTest, ALaterSessionHasAFileThatSortsBehind) {
  // As of a clock that was set back since.
  const fs::path old = folder_ / "events.out.tfevents.4000000000.ebm";
  std::ofstream(old) << "old";
  std::ofstream(folder_ / "metrics.csv") << "iteration\n";
  TensorboardWriter writer(folder_);
  write_loss(writer, 1);
  const auto files = list_event_files(folder_);
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0], old);
  EXPECT_EQ(base::read_file(old), "old");
  EXPECT_EQ(files[1].filename(), "events.out.tfevents.4000000001.ebm");
}

TEST_F(TensorboardWriterTest, AFolderThatIsNotThereIsAnError) {
  TensorboardWriter writer(folder_ / "missing");
  try {
    write_loss(writer, 1);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kIo);
    EXPECT_NE(std::string(error.what()).find("missing"), std::string::npos);
  }
}

}  // namespace
}  // namespace ebm::report
