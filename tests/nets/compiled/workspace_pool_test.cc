#include "nets/compiled/workspace_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "base/interruption.h"

namespace ebm::nets {
namespace {

TEST(WorkspacePoolTest, NewMemoryIsCleared) {
  WorkspacePool pool;
  // Of no, one and three pieces that are cleared at a time, the last of one float.
  for (const std::size_t n : {std::size_t{0}, std::size_t{5}, (std::size_t{2} << 20) + 1}) {
    WorkspacePool::Lease lease = pool.take(n);
    EXPECT_TRUE(lease);
    ASSERT_EQ(lease.size(), n);
    EXPECT_EQ(std::vector<float>(lease.data(), lease.data() + n), std::vector<float>(n));
  }
}

TEST(WorkspacePoolTest, MemoryThatWasGivenBackIsTakenAgain) {
  WorkspacePool pool;
  const float* first = nullptr;
  {
    WorkspacePool::Lease lease = pool.take(100);
    lease.data()[99] = 3.0f;
    first = lease.data();
  }
  EXPECT_NE(pool.take(101).data(), first);
  WorkspacePool::Lease again = pool.take(100);
  EXPECT_EQ(again.data(), first);
  EXPECT_EQ(again.data()[99], 3.0f);
}

TEST(WorkspacePoolTest, ClearingEndsWhenItIsInterrupted) {
  WorkspacePool pool;
  const std::atomic<int> stop{15};
  {
    const base::InterruptionScope scope(stop);
    EXPECT_THROW(pool.take(std::size_t{4} << 20), base::Interrupted);
  }
  EXPECT_EQ(pool.take(std::size_t{4} << 20).size(), std::size_t{4} << 20);
}

}  // namespace
}  // namespace ebm::nets
