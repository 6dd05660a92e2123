#include "replay/replay_buffer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include "base/error.h"

namespace ebm::replay {
namespace {

constexpr samplers::Box kBox{-1, 1};

std::vector<float> filled(std::size_t n, float value) { return std::vector<float>(n, value); }

TEST(ReplayBufferTest, InPlaceReturnsChainsToTheirSlotsWithAgeAndContext) {
  ReplayBuffer buffer(
      {.capacity = 6, .item_size = 2, .context_dim = 1, .restart_probability = 0, .seed = 1});
  std::vector<float> rows(6), context(3);
  const Draw drawn = buffer.draw(0, 0, rows, context);
  buffer.store(0, 0, drawn, 40, std::vector<float>{1, 2, 3, 4, 5, 6}, std::vector<float>{7, 8, 9});
  std::vector<float> all(12), labels(6);
  const Draw again = buffer.draw(1, 0, all, labels);
  for (std::size_t j = 0; j < 6; ++j) {
    const auto found = std::find(drawn.slots.begin(), drawn.slots.end(), again.slots[j]);
    const auto row = static_cast<float>(found - drawn.slots.begin());
    if (found == drawn.slots.end()) {
      EXPECT_EQ(again.ages[j], 0);
      continue;
    }
    EXPECT_EQ(again.ages[j], 40);
    EXPECT_EQ(all[2 * j], 2 * row + 1);
    EXPECT_EQ(labels[j], row + 7);
  }
  EXPECT_DOUBLE_EQ(buffer.mean_age(), 20.0);
}

TEST(ReplayBufferTest, RingOverwritesTheOldestWrites) {
  ReplayBuffer buffer({.capacity = 5,
                       .item_size = 1,
                       .policy = Policy::kRing,
                       .restart_probability = 0,
                       .seed = 1});
  std::vector<float> rows(3);
  for (int i = 0; i < 3; ++i) {
    const Draw drawn = buffer.draw(i, 0, rows);
    if (i == 0) {
      EXPECT_EQ(drawn.slots, (std::vector<std::int64_t>{-1, -1, -1}));
    }
    buffer.store(i, 0, drawn, 1, filled(3, static_cast<float>(i)));
  }
  const auto* items = reinterpret_cast<const float*>(buffer.state().items.data());
  EXPECT_EQ(std::vector<float>(items, items + 5), (std::vector<float>{1, 2, 2, 2, 1}));
}

TEST(ReplayBufferTest, AStoreIsUndone) {
  for (const Policy policy : {Policy::kInPlace, Policy::kRing, Policy::kReservoir}) {
    for (const Storage storage : {Storage::kFloat32, Storage::kUint8}) {
      ReplayBuffer buffer({.capacity = 5,
                           .item_size = 3,
                           .context_dim = 2,
                           .storage = storage,
                           .policy = policy,
                           .box = kBox,
                           .seed = 1});
      for (int i = 0; i < 20; ++i) {
        std::vector<float> rows(9), context(6);
        const Draw drawn = buffer.draw(i, 0, rows, context);
        const ReplayState before = buffer.state();
        const float value = 0.1f * static_cast<float>(i) - 1.0f;
        buffer.store(i, 0, drawn, 7, filled(9, value), filled(6, value));
        const ReplayState after = buffer.state();
        EXPECT_NE(after, before);
        buffer.undo_store();
        EXPECT_EQ(buffer.state(), before) << i;
        buffer.store(i, 0, drawn, 7, filled(9, value), filled(6, value));
        EXPECT_EQ(buffer.state(), after) << i;
      }
    }
  }
}

// Chains start with the context of their stream: the slot of a buffer that starts full, then
// capacity·(iteration + 1) + row. Those that go on have the one that was stored.
TEST(ReplayBufferTest, NewChainsHaveTheContextOfTheirStream) {
  for (const Policy policy : {Policy::kInPlace, Policy::kRing, Policy::kReservoir}) {
    ReplayBuffer buffer({.capacity = 7,
                         .item_size = 2,
                         .context_dim = 2,
                         .policy = policy,
                         .restart_probability = 0.4,
                         .seed = 3,
                         .new_context = [](std::uint64_t stream, std::uint32_t generation,
                                           std::span<float> context) {
                           context[0] = static_cast<float>(stream);
                           context[1] = static_cast<float>(generation);
                         }});
    if (policy == Policy::kInPlace) {
      EXPECT_EQ(buffer.state().context,
                (std::vector<float>{0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0}));
    }
    int n_new = 0, n_old = 0;
    for (int i = 0; i < 30; ++i) {
      const std::vector<float> held = buffer.state().context;
      std::vector<float> rows(8), context(8, -1.0f);
      const Draw drawn = buffer.draw(i, 2, rows, context);
      for (std::size_t row = 0; row < 4; ++row) {
        const float stream = 7.0f * static_cast<float>(i + 1) + static_cast<float>(row);
        const bool is_new = context[2 * row] == stream;
        (is_new ? n_new : n_old) += 1;
        if (is_new) {
          EXPECT_EQ(context[2 * row + 1], 2.0f);
          EXPECT_EQ(drawn.ages[row], 0);
        } else {
          const auto slot = static_cast<std::size_t>(drawn.slots[row]);
          EXPECT_EQ(context[2 * row], held[2 * slot]);
          EXPECT_EQ(context[2 * row + 1], held[2 * slot + 1]);
        }
      }
      buffer.store(i, 2, drawn, 5, rows, context);
    }
    EXPECT_GT(n_new, 20);
    EXPECT_GT(n_old, 20);
  }
}

TEST(ReplayBufferTest, RandomChainsAreReadAsTheyAre) {
  const base::RandomKey key{3, base::Domain::kEvaluation, 0};
  ReplayBuffer buffer({.capacity = 7, .item_size = 2, .restart_probability = 1, .seed = 1});
  const auto* items = reinterpret_cast<const float*>(buffer.state().items.data());
  const std::set<std::vector<float>> held = [&] {
    std::set<std::vector<float>> all;
    for (int i = 0; i < 7; ++i) all.insert({items[2 * i], items[2 * i + 1]});
    return all;
  }();
  const auto read = [&](std::uint64_t stream, std::size_t n) {
    std::vector<float> rows(2 * n);
    buffer.read_random(key, stream, rows);
    std::set<std::vector<float>> found;
    for (std::size_t i = 0; i < n; ++i) found.insert({rows[2 * i], rows[2 * i + 1]});
    return found;
  };
  EXPECT_EQ(read(0, 7), held);
  std::set<std::set<std::vector<float>>> choices;
  for (std::uint64_t stream = 0; stream < 200; ++stream) {
    const auto found = read(stream, 3);
    EXPECT_EQ(found.size(), 3u);
    EXPECT_TRUE(std::ranges::includes(held, found));
    choices.insert(found);
  }
  EXPECT_GT(choices.size(), 30u);  // of 35
  std::vector<float> too_many(16);
  EXPECT_THROW(buffer.read_random(key, 0, too_many), Error);
}

TEST(ReplayBufferTest, BytesKeepTheLevelAndAreDequantisedOnReading) {
  ReplayBuffer buffer({.capacity = 2,
                       .item_size = 256,
                       .storage = Storage::kUint8,
                       .restart_probability = 0,
                       .box = kBox});
  EXPECT_EQ(buffer.state().items.size(), 512u);
  std::vector<float> levels(256), rows(512);
  for (int i = 0; i < 256; ++i)
    levels[static_cast<std::size_t>(i)] = (static_cast<float>(i) + 0.5f) / 128 - 1;
  const Draw drawn = buffer.draw(0, 0, rows);
  auto both = levels;
  both.insert(both.end(), levels.begin(), levels.end());
  buffer.store(0, 0, drawn, 1, both);
  std::vector<float> again(512);
  (void)buffer.draw(1, 0, rows);
  (void)buffer.draw(2, 0, again);
  EXPECT_NE(rows, again);
  for (std::size_t i = 0; i < 512; ++i) {
    EXPECT_GE(rows[i], static_cast<float>(i % 256) / 128 - 1);
    EXPECT_LT(rows[i], static_cast<float>(i % 256 + 1) / 128 - 1);
  }
}

TEST(ReplayBufferTest, RestoredStateGoesOnAsIfNothingHappened) {
  const ReplayOptions options{.capacity = 9,
                              .item_size = 4,
                              .context_dim = 1,
                              .policy = Policy::kReservoir,
                              .restart_probability = 0.3,
                              .seed = 5};
  const auto go = [](ReplayBuffer& buffer, int from, int to) {
    std::vector<float> rows(16), context(4);
    for (int i = from; i < to; ++i) {
      const Draw drawn = buffer.draw(i, 1, rows, context);
      for (float& x : rows) x += 0.5f;
      for (float& c : context) c += 1;
      buffer.store(i, 1, drawn, 3, rows, context);
    }
  };
  ReplayBuffer through(options), first(options), second(options);
  go(through, 0, 20);
  go(first, 0, 8);
  second.restore(first.state());
  go(second, 8, 20);
  EXPECT_EQ(second.state(), through.state());
}

TEST(ReplayBufferTest, AContextOfAnotherSizeIsNamed) {
  const ReplayBuffer plain({.capacity = 3, .item_size = 2});
  ReplayBuffer buffer({.capacity = 3, .item_size = 2, .context_dim = 1});
  try {
    buffer.restore(plain.state());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kShape);
    EXPECT_EQ(std::string(error.what()),
              "the saved replay buffer has 3 slots, 24 bytes and 0 numbers of context; expected 3, "
              "24 and 3");
  }
}

TEST(ReplayBufferTest, AnotherGenerationDrawsOtherChains) {
  const ReplayBuffer buffer({.capacity = 100, .item_size = 1});
  std::vector<float> rows(10);
  EXPECT_NE(buffer.draw(0, 0, rows).slots, buffer.draw(0, 1, rows).slots);
}

TEST(ReplayBufferTest, StatesThatNoBufferHasAreRefused) {
  for (const Policy policy : {Policy::kInPlace, Policy::kRing, Policy::kReservoir}) {
    ReplayBuffer buffer({.capacity = 4, .item_size = 2, .policy = policy});
    const ReplayState sound = buffer.state();
    const auto refuses = [&](auto change) {
      ReplayState state = sound;
      change(state);
      try {
        buffer.restore(state);
      } catch (const Error& error) {
        return error.code() == ErrorCode::kBadData && buffer.state() == sound;
      }
      return false;
    };
    EXPECT_TRUE(refuses([](ReplayState& state) { state.size = 5; }));
    EXPECT_TRUE(refuses([](ReplayState& state) { state.size = -1; }));
    EXPECT_EQ(refuses([](ReplayState& state) { state.size = 3; }), policy == Policy::kInPlace);
    buffer.restore(sound);
    EXPECT_TRUE(refuses([](ReplayState& state) { state.cursor = 4; }));
    EXPECT_TRUE(refuses([](ReplayState& state) { state.n_stored = -1; }));
    EXPECT_TRUE(refuses([](ReplayState& state) { state.n_stored = INT64_MAX; }));
    EXPECT_TRUE(refuses([](ReplayState& state) { state.ages[3] = -1; }));
    EXPECT_TRUE(refuses([](ReplayState& state) { state.ages[3] = INT64_MAX; }));
  }
}

TEST(ReplayBufferTest, BadOptionsAndSizesAreRefused) {
  EXPECT_THROW(ReplayBuffer({.capacity = 0, .item_size = 1}), Error);
  EXPECT_THROW(ReplayBuffer({.capacity = 1, .item_size = 0}), Error);
  EXPECT_THROW(ReplayBuffer({.item_size = 1, .restart_probability = 1.5}), Error);
  EXPECT_THROW(ReplayBuffer({.item_size = 1, .storage = Storage::kUint8}), Error);
  ReplayBuffer buffer({.capacity = 4, .item_size = 2});
  std::vector<float> rows(10);
  EXPECT_THROW((void)buffer.draw(0, 0, rows), Error);
  EXPECT_THROW(buffer.restore({}), Error);
}

}  // namespace
}  // namespace ebm::replay
