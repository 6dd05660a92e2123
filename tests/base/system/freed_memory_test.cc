#include "base/system/freed_memory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <memory>
#include <vector>

namespace ebm::base {
namespace {

/// Bytes of this process that are in memory.
std::int64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::int64_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

TEST(FreedMemoryTest, WhatLiesBelowABlockInUseIsGivenBack) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
  GTEST_SKIP() << "another allocator";
#endif
  constexpr std::size_t kBlocks = 50'000, kBlockBytes = 1000;
  constexpr auto kBytes = static_cast<std::int64_t>(kBlocks * kBlockBytes);
  std::vector<std::unique_ptr<char[]>> blocks;
  for (std::size_t i = 0; i < kBlocks; ++i) {
    blocks.push_back(std::make_unique<char[]>(kBlockBytes));  // of zeros, so that it is touched
  }
  const auto in_use = std::move(blocks.back());
  const std::int64_t before = resident_bytes();
  blocks.clear();
  EXPECT_GT(resident_bytes(), before - kBytes / 10);  // free() gives back next to nothing
  give_back_freed_memory();
  EXPECT_LT(resident_bytes(), before - kBytes * 9 / 10);
}

}  // namespace
}  // namespace ebm::base
