#include "base/random.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ebm::base {
namespace {

// Known answers published with Random123 (kat_vectors, philox4x32 10).
TEST(PhiloxTest, MatchesPublishedKnownAnswers) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}),
            (PhiloxCounter{0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u}));
  EXPECT_EQ(philox({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}),
            (PhiloxCounter{0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu}));
  EXPECT_EQ(
      philox({0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u}, {0xa4093822u, 0x299f31d0u}),
      (PhiloxCounter{0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u}));
}

TEST(RandomStreamTest, AnyWordIsAddressableWithoutThoseBeforeIt) {
  const RandomKey key{.seed = 7, .domain = Domain::kChainInit};
  RandomStream from_start(key, 3);
  for (int skipped = 0; skipped < 9; ++skipped) from_start.next_word();
  RandomStream addressed(key, 3, 9);
  for (int word = 0; word < 6; ++word) EXPECT_EQ(from_start.next_word(), addressed.next_word());
}

TEST(RandomKeyTest, SeedDomainAndGenerationEachChangeTheKey) {
  const RandomKey key{.seed = 1, .domain = Domain::kChainNoise, .generation = 0};
  const auto base = key.philox_key();
  EXPECT_NE(base, (RandomKey{2, Domain::kChainNoise, 0}.philox_key()));
  EXPECT_NE(base, (RandomKey{std::uint64_t{1} << 32 | 1, Domain::kChainNoise, 0}.philox_key()));
  EXPECT_NE(base, (RandomKey{1, Domain::kChainInit, 0}.philox_key()));
  EXPECT_NE(base, (RandomKey{1, Domain::kChainNoise, 1}.philox_key()));
}

}  // namespace
}  // namespace ebm::base
