#include "metrics/class_histogram.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

using Labels = std::vector<std::int64_t>;

TEST(ClassHistogramTest, IsByHand) {
  const Labels labels{2, 0, 2, 2};
  const ClassHistogram found = class_histogram(labels, 4);
  EXPECT_EQ(found.counts, (Labels{1, 0, 3, 0}));
  EXPECT_EQ(found.n_missing, 2);
  const double entropy = -0.25 * std::log(0.25) - 0.75 * std::log(0.75);
  EXPECT_DOUBLE_EQ(found.entropy, entropy);
  EXPECT_DOUBLE_EQ(found.kl_divergence, std::log(4.0) - entropy);
}

TEST(ClassHistogramTest, IsComparedWithAReference) {
  const Labels labels{0, 1, 1, 1}, reference{20, 10, 10};
  EXPECT_DOUBLE_EQ(class_histogram(labels, 3, reference).kl_divergence,
                   0.25 * std::log(0.25 / 0.5) + 0.75 * std::log(0.75 / 0.25));
  const Labels without{1, 0, 1};
  EXPECT_EQ(class_histogram(labels, 3, without).kl_divergence, INFINITY);
  EXPECT_EQ(class_histogram(without, 2).n_missing, 0);
}

TEST(ClassHistogramTest, OfAllClassesAlikeHasNoDivergence) {
  const ClassHistogram found = class_histogram(Labels{0, 1, 2, 3, 3, 2, 1, 0}, 4);
  EXPECT_DOUBLE_EQ(found.entropy, std::log(4.0));
  EXPECT_DOUBLE_EQ(found.kl_divergence, 0.0);
}

TEST(ClassHistogramTest, WrongInputsAreRefused) {
  const Labels good{0, 1};
  const auto run = [](const Labels& labels, std::int64_t n_classes, const Labels& reference = {}) {
    class_histogram(labels, n_classes, reference);
  };
  EXPECT_EQ(message_of(ErrorCode::kBadData,
                       [&] {
                         run({0, 3}, 3);
                       }),
            "labels[1] = 3: must be from 0 to 2");
  message_of(ErrorCode::kBadData, [&] { run({-1}, 3); });
  message_of(ErrorCode::kShape, [&] { run({}, 3); });
  message_of(ErrorCode::kUsage, [&] { run(good, 0); });
  message_of(ErrorCode::kShape, [&] { run(good, 2, {1}); });
  message_of(ErrorCode::kBadData, [&] { run(good, 2, {0, 0}); });
  EXPECT_TRUE(contains(message_of(ErrorCode::kBadData,
                                  [&] {
                                    run(good, 2, {3, -1});
                                  }),
                       "reference_counts[1] = -1"));
}

}  // namespace
}  // namespace ebm::metrics
