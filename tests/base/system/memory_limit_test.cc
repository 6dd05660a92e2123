#include "base/system/memory_limit.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmath>

#include "base/error.h"
#include "tests/base/system/system_texts.h"

namespace ebm::base {
namespace {

const std::map<std::string, std::string> kMachine{
    {"/proc/meminfo",
     "MemTotal:       32000000 kB\nMemFree: 100 kB\nMemAvailable:    8000000 kB\n"
     "SwapTotal:  500 kB\nSwapFree:         400 kB\n"}};

/// The files of kMachine and some more.
ReadText machine_with(std::map<std::string, std::string> files) {
  files.insert(kMachine.begin(), kMachine.end());
  return texts(files);
}

TEST(MemoryLimitTest, AMachineLeavesWhatIsAvailableAndItsSwap) {
  const auto found = available_memory(machine_with({}), std::nullopt);
  EXPECT_EQ(found.bytes, 8000400.0 * 1024.0);
  EXPECT_EQ(found.limited_by, "this machine");
  EXPECT_TRUE(std::isinf(available_memory(texts({}), std::nullopt).bytes));
}

TEST(MemoryLimitTest, TheTightestGroupDecidesAndCachedFilesDoNotCount) {
  const auto found = available_memory(
      machine_with({{"/proc/self/cgroup", "0::/a/b\n"},
                    {"/sys/fs/cgroup/a/b/memory.max", "max\n"},
                    {"/sys/fs/cgroup/a/b/memory.current", "700\n"},
                    {"/sys/fs/cgroup/a/memory.max", "1000000\n"},
                    {"/sys/fs/cgroup/a/memory.current", "900000\n"},
                    {"/sys/fs/cgroup/a/memory.stat", "active_file 5\ninactive_file 200000\n"}}),
      std::nullopt);
  EXPECT_EQ(found.bytes, 300000.0);
  EXPECT_EQ(found.limited_by, "the control group");
}

TEST(MemoryLimitTest, GroupsOfVersion1HaveOtherNames) {
  const std::map<std::string, std::string> files{
      {"/proc/self/cgroup", "5:memory:/x\n"},
      {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"},
      {"/sys/fs/cgroup/memory/memory.usage_in_bytes", "400000000\n"},
      {"/sys/fs/cgroup/memory/x/memory.limit_in_bytes", "50000000\n"},
      {"/sys/fs/cgroup/memory/x/memory.usage_in_bytes", "40000000\n"},
      {"/sys/fs/cgroup/memory/x/memory.stat", "inactive_file 1\ntotal_inactive_file 2000000\n"}};
  EXPECT_EQ(available_memory(machine_with(files), std::nullopt).bytes, 12000000.0);
  // More is used than allowed, as happens when a limit is lowered.
  auto above = files;
  above["/sys/fs/cgroup/memory/x/memory.usage_in_bytes"] = "90000000\n";
  EXPECT_EQ(available_memory(machine_with(above), std::nullopt).bytes, 0.0);
}

TEST(MemoryLimitTest, TheAddressSpaceThatIsUsedIsTakenOff) {
  const double page = static_cast<double>(sysconf(_SC_PAGESIZE));
  const auto found = available_memory(machine_with({{"/proc/self/statm", "1000 20 30\n"}}), 5e8);
  EXPECT_EQ(found.bytes, 5e8 - 1000.0 * page);
  EXPECT_EQ(found.limited_by, "ulimit -v");
  EXPECT_EQ(available_memory(machine_with({{"/proc/self/statm", "1000 2 3\n"}}), 5.0).bytes, 0.0);
}

TEST(MemoryLimitTest, TheLimitOfThisProcessIsSeen) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_AS, &before), 0);
  rlimit tight = before;
  tight.rlim_cur = 1;
  ASSERT_EQ(setrlimit(RLIMIT_AS, &tight), 0);
  const auto found = available_memory();
  ASSERT_EQ(setrlimit(RLIMIT_AS, &before), 0);
  EXPECT_EQ(found.bytes, 0.0);
  EXPECT_EQ(found.limited_by, "ulimit -v");
}

TEST(MemoryLimitTest, AShortageNamesTheOptionAndWhatWouldFit) {
  const AvailableMemory available{12.4e9, "this machine"};
  const MemoryNeed need{
      .option = "n", .value = 1000000000, .what = "states of dim 784", .each = 16000.0};
  EXPECT_EQ(memory_shortage(need, available),
            "n = 1000000000: that many states of dim 784 do not fit in memory: needs 16 TB, this "
            "machine leaves 12 GB, enough for 770000");
  EXPECT_EQ(
      memory_shortage({.option = "", .value = 1000000000, .what = "images", .each = 16000.0},
                      available),
      "1000000000 images do not fit in memory: needs 16 TB, this machine leaves 12 GB, enough "
      "for 770000");
  // 12.4e9 / 16000 = 775,000, to two digits.
  EXPECT_EQ(
      memory_shortage({.option = "n", .value = 770000, .what = "", .each = 16000.0}, available),
      "");
  EXPECT_EQ(
      memory_shortage({.option = "n", .value = 775000, .what = "", .each = 16000.0}, available),
      "");
  const std::string none = memory_shortage(
      {.option = "k", .value = 2, .what = "sets", .each = 1.0, .fixed = 13e9}, available);
  EXPECT_EQ(none,
            "k = 2: that many sets do not fit in memory: needs 13 GB, this machine leaves 12 GB, "
            "not enough for 1");
}

TEST(MemoryLimitTest, WhatDoesNotFitIsAnErrorOfUsage) {
  try {
    require_memory({.option = "n", .value = 1 << 30, .what = "states", .each = 1e15});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
  }
  EXPECT_NO_THROW(require_memory({.option = "n", .value = 2, .what = "states", .each = 10.0}));
}

TEST(MemoryLimitTest, BytesHaveUnits) {
  EXPECT_EQ(byte_text(0), "0 bytes");
  EXPECT_EQ(byte_text(999), "999 bytes");
  EXPECT_EQ(byte_text(1500), "1.5 kB");
  EXPECT_EQ(byte_text(12400000), "12 MB");
  EXPECT_EQ(byte_text(1e22), "10000 EB");
}

}  // namespace
}  // namespace ebm::base
