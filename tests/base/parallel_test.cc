#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "tests/samplers/message_of.h"

namespace ebm::base {
namespace {

using samplers::message_of;

TEST(ParallelForTest, RunsEachTaskOnce) {
  for (const int n_threads : {1, 3, 200}) {
    std::vector<int> runs(100);
    parallel_for(100, n_threads, [&](std::int64_t i) { ++runs[static_cast<std::size_t>(i)]; });
    EXPECT_EQ(runs, std::vector<int>(100, 1)) << n_threads;
  }
  parallel_for(0, 3, [](std::int64_t) { FAIL() << "there is no task"; });
}

TEST(ParallelForTest, TakesTasksInTheGivenOrder) {
  std::vector<std::int64_t> taken;
  parallel_for(
      4, 1, [] { return std::make_unique<int>(); },
      [&](std::int64_t i, int&) { taken.push_back(i); }, [](std::int64_t k) { return 3 - k; });
  EXPECT_EQ(taken, (std::vector<std::int64_t>{3, 2, 1, 0}));
}

TEST(ParallelForTest, RethrowsTheFailureOfTheLowestTaskAfterAllHaveEnded) {
  for (const int n_threads : {1, 3}) {
    std::atomic<int> n_ended{0};
    const auto fail_at_7 = [&](std::int64_t i, int&) {
      ++n_ended;
      if (i % 10 == 7) throw Error(ErrorCode::kBadData, "task " + std::to_string(i));
    };
    const std::string message = message_of(ErrorCode::kBadData, [&] {
      parallel_for(
          100, n_threads, [] { return std::make_unique<int>(); }, fail_at_7,
          [](std::int64_t k) { return 99 - k; });
    });
    EXPECT_EQ(message, "task 7");
    EXPECT_EQ(n_ended, 100);
  }
}

/// Knows the thread that made it.
struct Scratch {
  explicit Scratch(std::atomic<int>& n_alive) : n_alive_(n_alive) { ++n_alive_; }
  ~Scratch() {
    EXPECT_EQ(thread_, std::this_thread::get_id());
    --n_alive_;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::atomic<int>& n_alive_;
  std::thread::id thread_ = std::this_thread::get_id();
};

TEST(ParallelForTest, GivesEachThreadAScratchOfItsOwn) {
  for (const int n_threads : {1, 3}) {
    std::atomic<int> n_made{0}, n_alive{0};
    const auto make = [&] {
      ++n_made;
      return std::make_unique<Scratch>(n_alive);
    };
    parallel_for(100, n_threads, make, [](std::int64_t, const Scratch& scratch) {
      EXPECT_EQ(scratch.thread_, std::this_thread::get_id());
    });
    EXPECT_GE(n_made, 1);
    EXPECT_LE(n_made, n_threads);
    EXPECT_EQ(n_alive, 0);
  }
}

TEST(ParallelForTest, RethrowsWhatAThreadThrewWhileItMadeItsScratch) {
  for (const int n_threads : {1, 3}) {
    const auto no_memory = []() -> std::unique_ptr<int> { throw std::bad_alloc(); };
    const auto task = [](std::int64_t, int&) { FAIL() << "ran without scratch"; };
    EXPECT_THROW(parallel_for(10, n_threads, no_memory, task), std::bad_alloc);

    // One that fails once costs one task.
    std::atomic<int> n_calls{0}, n_ended{0};
    const auto fails_once = [&] {
      if (n_calls++ == 0) throw std::bad_alloc();
      return std::make_unique<int>();
    };
    EXPECT_THROW(parallel_for(10, n_threads, fails_once, [&](std::int64_t, int&) { ++n_ended; }),
                 std::bad_alloc);
    EXPECT_EQ(n_ended, 9);
  }
}

TEST(ParallelForTest, RefusesNoThreads) {
  EXPECT_EQ(message_of(ErrorCode::kUsage, [] { parallel_for(1, 0, [](std::int64_t) {}); }),
            "n_threads = 0: must be at least 1");
}

}  // namespace
}  // namespace ebm::base
