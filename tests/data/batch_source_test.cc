#include "data/batch_source.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "base/random.h"
#include "tests/data/test_files.h"

namespace ebm::data {
namespace {

/// n items of two bytes: (index, 255 − index), labelled by index.
Dataset indexed(std::int64_t n) {
  Dataset dataset;
  dataset.n = n;
  dataset.shape = {1, 1, 2};
  std::vector<std::uint8_t> values;
  for (std::int64_t i = 0; i < n; ++i) {
    values.push_back(static_cast<std::uint8_t>(i));
    values.push_back(static_cast<std::uint8_t>(255 - i));
    dataset.labels.push_back(static_cast<std::int32_t>(i));
  }
  dataset.values = values;
  return dataset;
}

struct Batch {
  std::vector<float> values;
  std::vector<std::int32_t> labels;
  bool operator==(const Batch&) const = default;
};

Batch batch_of(BatchSource& source, std::int64_t iteration) {
  Batch batch;
  batch.values.resize(static_cast<std::size_t>(source.batch_size() * source.dim()));
  batch.labels.resize(static_cast<std::size_t>(source.batch_size()));
  source.fill(iteration, batch.values, batch.labels);
  return batch;
}

/// The labels of the first n positions.
std::vector<std::int32_t> order(BatchSource& source, std::size_t n) {
  std::vector<std::int32_t> labels;
  for (std::int64_t i = 0; labels.size() < n; ++i) {
    const Batch batch = batch_of(source, i);
    labels.insert(labels.end(), batch.labels.begin(), batch.labels.end());
  }
  labels.resize(n);
  return labels;
}

TEST(BatchSourceTest, EveryItemComesOnceAnEpochWhateverTheBatchSize) {
  const Dataset dataset = indexed(10);
  std::vector<std::int32_t> first;
  for (const std::int64_t batch_size : {1, 3, 4, 10, 25, 64}) {
    BatchSource source(dataset, {.batch_size = batch_size, .seed = 3});
    const auto labels = order(source, 60);
    for (auto epoch = labels.begin(); epoch != labels.end(); epoch += 10) {
      EXPECT_EQ(std::set<std::int32_t>(epoch, epoch + 10).size(), 10u);
    }
    if (first.empty()) first = labels;
    EXPECT_EQ(labels, first);  // the order does not depend on the batch size
  }
  EXPECT_FALSE(std::equal(first.begin(), first.begin() + 10, first.begin() + 10));
}

TEST(BatchSourceTest, BatchIsAFunctionOfTheIterationAlone) {
  const Dataset dataset = indexed(10);
  const BatchOptions options = {.batch_size = 7, .seed = 3, .noise_sd = 0.1f};
  BatchSource forward(dataset, options);
  std::vector<Batch> batches;
  for (std::int64_t i = 0; i < 12; ++i) batches.push_back(batch_of(forward, i));
  BatchSource jumping(dataset, options);
  for (const std::int64_t i : {11, 0, 5, 5, 4, 10, 1}) {
    EXPECT_EQ(batch_of(jumping, i), batches[static_cast<std::size_t>(i)]) << i;
  }
}

TEST(BatchSourceTest, SeedChangesTheOrderAndGenerationOnlyTheNoise) {
  const Dataset dataset = indexed(20);
  BatchSource source(dataset, {.batch_size = 20, .seed = 3});
  BatchSource rolled_back(dataset, {.batch_size = 20, .seed = 3, .generation = 1});
  BatchSource other(dataset, {.batch_size = 20, .seed = 4});
  EXPECT_NE(batch_of(source, 0).labels, batch_of(other, 0).labels);
  EXPECT_EQ(batch_of(source, 0).labels, batch_of(rolled_back, 0).labels);
  EXPECT_NE(batch_of(source, 0).values, batch_of(rolled_back, 0).values);
  const BatchOptions noisy = {.batch_size = 20, .seed = 3, .dequantize = false, .noise_sd = 1};
  BatchOptions noisy_rolled_back = noisy;
  noisy_rolled_back.generation = 1;
  BatchSource first(dataset, noisy), second(dataset, noisy_rolled_back);
  EXPECT_NE(batch_of(first, 0).values, batch_of(second, 0).values);
}

TEST(BatchSourceTest, WithoutNoiseGreyLevelsSpanTheBoxExactly) {
  const Dataset dataset = indexed(256);
  BatchSource source(dataset, {.batch_size = 256, .dequantize = false});
  const Batch batch = batch_of(source, 0);
  for (std::size_t b = 0; b < 256; ++b) {
    const auto level = static_cast<float>(batch.labels[b]);
    EXPECT_EQ(batch.values[2 * b], level / 127.5f - 1.0f);
    EXPECT_EQ(batch.values[2 * b + 1], (255 - level) / 127.5f - 1.0f);
    if (level == 0) {
      EXPECT_EQ(batch.values[2 * b], -1.0f);
    }
    if (level == 255) {
      EXPECT_EQ(batch.values[2 * b], 1.0f);
    }
  }
}

TEST(BatchSourceTest, DequantizedValuesLieInTheirBinAndComeFromTheirWords) {
  const Dataset dataset = indexed(256);
  BatchSource source(dataset, {.batch_size = 256, .seed = 8, .generation = 2});
  for (std::int64_t iteration = 0; iteration < 20; ++iteration) {
    const Batch batch = batch_of(source, iteration);
    for (std::size_t b = 0; b < 256; ++b) {
      const std::uint64_t position = static_cast<std::uint64_t>(iteration) * 256 + b;
      base::RandomStream stream({8, base::Domain::kDequantize, 2}, position);
      const std::uint32_t word = stream.next_word();
      for (std::size_t j = 0; j < 2; ++j) {
        const double level = j == 0 ? batch.labels[b] : 255 - batch.labels[b];
        const double low = 2 * level / 256 - 1;
        const double value = batch.values[2 * b + j];
        ASSERT_GE(value, low);
        ASSERT_LT(value, low + 2.0 / 256);
        const double u = static_cast<double>(j == 0 ? word & 0xffff : word >> 16) / 65536;
        ASSERT_EQ(value, 2 * (level + u) / 256 - 1);
      }
    }
  }
}

TEST(BatchSourceTest, FloatsAreTakenAsTheyAre) {
  Dataset dataset = indexed(3);
  dataset.values = std::vector<float>{0.1f, 0.2f, -7, 8, 0.5f, 0.6f};
  BatchSource source(dataset, {.batch_size = 3});
  const Batch batch = batch_of(source, 0);
  for (std::size_t b = 0; b < 3; ++b) {
    const auto item = static_cast<std::size_t>(batch.labels[b]);
    EXPECT_EQ(batch.values[2 * b], std::get<std::vector<float>>(dataset.values)[2 * item]);
  }
}

TEST(BatchSourceTest, RangeIsInOrderWithoutShuffleOrNoise) {
  const Dataset dataset = indexed(256);
  const BatchSource source(dataset, {.noise_sd = 1});
  std::vector<float> out(4);
  source.fill_range(254, 2, out);
  EXPECT_EQ(out, (std::vector<float>{254 / 127.5f - 1, 1 / 127.5f - 1, 1.0f, -1.0f}));
  source.fill_range(256, 0, {});
  expect_error(ErrorCode::kShape, {"255 to 256", "0 to 255"},
               [&] { source.fill_range(255, 2, out); });
  expect_error(ErrorCode::kShape, {"-1"}, [&] { source.fill_range(-1, 2, out); });
  expect_error(ErrorCode::kShape, {"holds 4", "expected 2"}, [&] { source.fill_range(0, 1, out); });
}

TEST(BatchSourceTest, OptionsAndSpansAreChecked) {
  Dataset dataset = indexed(10);
  const auto make = [&](const BatchOptions& options) { BatchSource(dataset, options); };
  expect_error(ErrorCode::kUsage, {"batch_size=0", "at least 1"}, [&] { make({.batch_size = 0}); });
  expect_error(ErrorCode::kUsage, {"noise_sd=-1"}, [&] { make({.noise_sd = -1}); });
  const float nan = std::numeric_limits<float>::quiet_NaN();
  expect_error(ErrorCode::kUsage, {"noise_sd=nan"}, [&] { make({.noise_sd = nan}); });

  BatchSource source(dataset, {.batch_size = 4});
  std::vector<float> out(8);
  std::vector<std::int32_t> labels(4);
  source.fill(0, out, {});
  expect_error(ErrorCode::kUsage, {"iteration -1"}, [&] { source.fill(-1, out, {}); });
  expect_error(ErrorCode::kShape, {"out holds 7", "expected 8"},
               [&] { source.fill(0, std::span(out).first(7), {}); });
  expect_error(ErrorCode::kShape, {"labels holds 3", "expected 4"},
               [&] { source.fill(0, out, std::span(labels).first(3)); });
  dataset.labels.clear();
  expect_error(ErrorCode::kUsage, {"labels wanted"}, [&] { source.fill(0, out, labels); });
  dataset.n = 11;
  expect_error(ErrorCode::kShape, {"data set holds 20", "expected 22"}, [&] { make({}); });
  expect_error(ErrorCode::kShape, {"0 items"}, [&] { BatchSource(Dataset{}, {}); });
}

}  // namespace
}  // namespace ebm::data
