#include "report/tensorboard/event_histograms.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/atomic_file.h"
#include "base/error.h"
#include "report/tensorboard/event_record.h"
#include "report/tensorboard/tensorboard_writer.h"

namespace ebm::report {
namespace {
namespace fs = std::filesystem;

class EventHistogramsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(folder_);
    fs::create_directory(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// A session from `start` on that writes `value` twice for each step.
  void write(std::int64_t start, std::vector<std::int64_t> steps, float value) const {
    TensorboardWriter writer(folder_);
    writer.start(start);
    for (const std::int64_t step : steps) {
      writer.write_scalars(step, std::vector<NamedScalar>{{"loss", 1.0}});
      writer.write_histogram(step, "energies/data", std::vector<float>{value, value, value + 1});
    }
  }

  fs::path folder_;
};

TEST_F(EventHistogramsTest, WhatWasWrittenIsReadBack) {
  write(0, {10, 20}, 2);
  const auto found = read_event_histograms(folder_);
  ASSERT_EQ(found.size(), 1u);
  const auto& steps = found.at("energies/data");
  ASSERT_EQ(steps.size(), 2u);
  const Histogram expected = histogram_of(std::vector<float>{2, 2, 3});
  const Histogram& read = steps.at(20);
  EXPECT_EQ(read.min, 2.0);
  EXPECT_EQ(read.max, 3.0);
  EXPECT_EQ(read.n, 3.0);
  EXPECT_EQ(read.sum, 7.0);
  EXPECT_EQ(read.sum_squares, 17.0);
  EXPECT_EQ(read.limits, expected.limits);
  EXPECT_EQ(read.counts, expected.counts);
}

TEST_F(EventHistogramsTest, ALaterSessionVoidsWhatItWritesAgain) {
  write(0, {10, 20, 30}, 2);
  write(10, {20}, 5);
  const auto steps = read_event_histograms(folder_).at("energies/data");
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps.at(10).min, 2.0);
  EXPECT_EQ(steps.at(20).min, 5.0);
}

TEST_F(EventHistogramsTest, AFolderWithoutEventsHasNone) {
  EXPECT_TRUE(read_event_histograms(folder_).empty());
}

TEST_F(EventHistogramsTest, RecordsThatAreNoEventsAreBadData) {
  for (const std::string& record :
       {std::string("hello"), histogram_event({1, 1}, "x", {.limits = {1}, .counts = {}}),
        histogram_event({1, 1}, "x", {.limits = {1}, .counts = {1}}).substr(0, 30)}) {
    const fs::path path = folder_ / "events.out.tfevents.1.ebm";
    base::write_file_atomically(path, event_record(record));
    try {
      read_event_histograms(folder_);
      ADD_FAILURE() << record;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData);
      EXPECT_TRUE(std::string(error.what()).starts_with(path.string()));
    }
  }
}

}  // namespace
}  // namespace ebm::report
