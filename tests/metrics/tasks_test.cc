#include "metrics/tasks.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

TEST(TasksTest, RunOnceEach) {
  std::vector<int> runs(100);
  run_tasks(100, 3, [&](std::int64_t i) { ++runs[static_cast<std::size_t>(i)]; });
  EXPECT_EQ(runs, std::vector<int>(100, 1));
}

TEST(TasksTest, ThrowWhatTheLowestFailedOneThrew) {
  for (const int n_threads : {1, 3}) {
    const std::string message = message_of(ErrorCode::kBadData, [&] {
      run_tasks(100, n_threads, [](std::int64_t i) {
        if (i % 10 == 7) throw Error(ErrorCode::kBadData, "task " + std::to_string(i));
      });
    });
    EXPECT_EQ(message, "task 7");
  }
}

}  // namespace
}  // namespace ebm::metrics
