#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include "base/error.h"
#include "replay/replay_buffer.h"

namespace ebm::replay {
namespace {

constexpr samplers::Box kBox{-1, 1};

std::vector<float> filled(std::size_t n, float value) { return std::vector<float>(n, value); }

TEST(ReplayBufferTest, DrawsDistinctSlotsAndEverySlotEquallyOften) {
  const ReplayBuffer buffer({.capacity = 20, .item_size = 1, .restart_probability = 0, .seed = 3});
  std::vector<int> count(20);
  std::vector<float> rows(8);
  const int n_draws = 5000;
  for (int i = 0; i < n_draws; ++i) {
    const Draw drawn = buffer.draw(i, 0, rows);
    EXPECT_EQ(std::set<std::int64_t>(drawn.slots.begin(), drawn.slots.end()).size(), 8u);
    for (const auto slot : drawn.slots) ++count[static_cast<std::size_t>(slot)];
  }
  // Each count is binomial(5000, 0.4): sd 34.6; five of them.
  for (const int c : count) EXPECT_NEAR(c, 2000, 173);
}

TEST(ReplayBufferTest, RestartsWithExactlyItsProbability) {
  // Chains that were stored at 7 differ from new ones on [−1, 1].
  ReplayBuffer buffer(
      {.capacity = 50, .item_size = 1, .restart_probability = 0.05, .box = kBox, .seed = 3});
  std::vector<float> rows(50);
  int fresh = 0;
  for (int i = 0; i < 4000; ++i) {
    Draw drawn = buffer.draw(2 * i, 0, rows);
    buffer.store(2 * i, 0, drawn, 10, filled(50, 7.0f));
    drawn = buffer.draw(2 * i + 1, 0, rows);
    for (std::size_t j = 0; j < 50; ++j) {
      EXPECT_EQ(rows[j] == 7.0f, drawn.ages[j] > 0);
      fresh += rows[j] != 7.0f;
    }
  }
  // binomial(200000, 0.05): mean 10000, sd 97.5.
  EXPECT_NEAR(fresh, 10000, 5 * 97.5);
}

TEST(ReplayBufferTest, ReservoirIsAUniformSampleOfAllThatWasStored) {
  // 40 items through a reservoir of 10, many times: each stays with probability 1/4.
  std::vector<int> kept(40);
  const int n_runs = 4000;
  for (int run = 0; run < n_runs; ++run) {
    ReplayBuffer buffer({.capacity = 10,
                         .item_size = 1,
                         .policy = Policy::kReservoir,
                         .restart_probability = 0,
                         .seed = static_cast<std::uint64_t>(run)});
    std::vector<float> rows(5);
    for (int i = 0; i < 8; ++i) {
      const Draw drawn = buffer.draw(i, 0, rows);
      std::iota(rows.begin(), rows.end(), static_cast<float>(5 * i));
      buffer.store(i, 0, drawn, 1, rows);
    }
    const auto* items = reinterpret_cast<const float*>(buffer.state().items.data());
    for (int j = 0; j < 10; ++j) ++kept[static_cast<std::size_t>(items[j])];
  }
  // binomial(4000, 1/4): sd 27.4.
  for (const int k : kept) EXPECT_NEAR(k, 1000, 5 * 27.4);
}

}  // namespace
}  // namespace ebm::replay
