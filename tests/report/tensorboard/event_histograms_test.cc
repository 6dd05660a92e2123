#include "report/tensorboard/event_histograms.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "base/atomic_file.h"
#include "base/error.h"
#include "report/tensorboard/event_record.h"
#include "report/tensorboard/tensorboard_event.h"
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

/// Bytes written as hexadecimal digits.
std::string bytes_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

TEST_F(EventHistogramsTest, NumbersMayComeOneByOneInsteadOfPacked) {
  // Event{step: 7, summary: {value: {tag: "x", histo: {limits: 1, 2, counts: 3, 4}}}}.
  const std::string limits =
      "31000000000000f03f"
      "310000000000000040";
  const std::string counts =
      "390000000000000840"
      "390000000000001040";
  const std::string record =
      "1007"
      "2a2b"
      "0a29"
      "0a0178"
      "2a24" +
      limits + counts;
  base::write_file_atomically(folder_ / "events.out.tfevents.1.ebm",
                              event_record(bytes_of(record)));
  const Histogram read = read_event_histograms(folder_).at("x").at(7);
  EXPECT_EQ(read.limits, (std::vector<double>{1, 2}));
  EXPECT_EQ(read.counts, (std::vector<double>{3, 4}));
}

TEST_F(EventHistogramsTest, OfManySessionsTheLastVoidsForAll) {
  std::string file;
  for (int i = 0; i < 20000; ++i) {
    file += event_record(restart_event({1.0, 10}));
    file += event_record(histogram_event({1.0, i % 20}, "name" + std::to_string(i % 100),
                                         {.limits = {1}, .counts = {1}}));
  }
  base::write_file_atomically(folder_ / "events.out.tfevents.1.ebm", file);
  // Each session voids what was written of step 10 and later. The last event, of step 19, comes
  // after the last session; of steps below 10 there are names 0 to 9, 20 to 29, ...
  EXPECT_EQ(read_event_histograms(folder_).size(), 51u);
}

TEST_F(EventHistogramsTest, AHundredNamesAreTheMost) {
  for (const int n : {100, 101, 20000}) {
    std::string file;
    for (int i = 0; i < n; ++i) {
      file += event_record(
          histogram_event({1.0, 1}, std::to_string(i), {.limits = {1}, .counts = {1}}));
    }
    base::write_file_atomically(folder_ / "events.out.tfevents.1.ebm", file);
    if (n == 100) {
      EXPECT_EQ(read_event_histograms(folder_).size(), 100u);
    } else {
      EXPECT_THROW(read_event_histograms(folder_), Error);
    }
  }
}

TEST_F(EventHistogramsTest, RecordsThatAreNoEventsAreBadData) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const std::string& record :
       {std::string("hello"),
        // Fields of a wrong wire type: a number of a histogram, its buckets, a histogram, a name,
        // a value, a summary, a step.
        bytes_of("2a060a042a020805"), bytes_of("2a060a042a023005"), bytes_of("2a040a022805"),
        bytes_of("2a040a020805"), bytes_of("2a020805"), bytes_of("2805"),
        bytes_of("110000000000000000"),
        // Numbers packed in 7 bytes; groups, which are no longer used.
        bytes_of("2a0d0a0b2a09320700000000000000"), bytes_of("2b2c"), bytes_of("2a020b0c"),
        histogram_event({1, 1}, "x", {.limits = {2, 1}, .counts = {1, 1}}),
        histogram_event({1, 1}, "x", {.limits = {infinity}, .counts = {1}}),
        histogram_event({1, 1}, "x", {.limits = {1}, .counts = {std::nan("")}}),
        histogram_event({1, 1}, "x", {.max = 1e300, .limits = {1}, .counts = {1}}),
        histogram_event({1, 1}, "x", {.limits = {1}, .counts = {}}),
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
