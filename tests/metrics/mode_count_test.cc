#include "metrics/mode_count.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/error.h"

namespace ebm::metrics {
namespace {

TEST(ModeCountTest, CountsWhatIsNearACentre) {
  const std::vector<float> centres{0, 0, 4, 0, 0, 4};
  // Two at the first, one at the edge of the second and one beyond it, none at the third, one far.
  const std::vector<float> rows{0.1f, 0, 0, -0.2f, 4.5f, 0, 4.75f, 0, 40, 40};
  const ModeCount found = count_modes({rows, 5, 2, "rows"}, {centres, 3, 2, "centres"}, 0.5);
  EXPECT_EQ(found.counts, (std::vector<std::int64_t>{2, 1, 0}));
  EXPECT_EQ(found.n_found, 2);
  EXPECT_DOUBLE_EQ(found.good, 0.6);
}

TEST(ModeCountTest, BadInputIsRefused) {
  const std::vector<float> two{0, 0}, three{0, 0, 0};
  EXPECT_THROW(count_modes({two, 1, 2, "a"}, {three, 1, 3, "b"}, 1.0), Error);
  EXPECT_THROW(count_modes({two, 1, 2, "a"}, {two, 1, 2, "b"}, 0.0), Error);
}

}  // namespace
}  // namespace ebm::metrics
