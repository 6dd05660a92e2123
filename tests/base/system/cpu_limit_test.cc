#include "base/system/cpu_limit.h"

#include <gtest/gtest.h>
#include <sched.h>

#include "base/error.h"
#include "tests/base/system/system_texts.h"

namespace ebm::base {
namespace {

TEST(CpuLimitTest, WithoutALimitThereIsNoQuota) {
  EXPECT_EQ(cpu_quota(texts({})), std::nullopt);
  EXPECT_EQ(cpu_quota(texts({{"/proc/self/cgroup", "0::/user.slice\n"},
                             {"/sys/fs/cgroup/user.slice/cpu.max", "max 100000\n"}})),
            std::nullopt);
  EXPECT_EQ(cpu_quota(texts({{"/proc/self/cgroup", "4:cpu,cpuacct:/\n"},
                             {"/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n"},
                             {"/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"}})),
            std::nullopt);
}

TEST(CpuLimitTest, TheTightestGroupOfVersion2Decides) {
  const std::string groups = "0::/a.slice/b.service\n";
  EXPECT_EQ(cpu_quota(texts({{"/proc/self/cgroup", groups},
                             {"/sys/fs/cgroup/a.slice/b.service/cpu.max", "400000 100000\n"},
                             {"/sys/fs/cgroup/a.slice/cpu.max", "75000 50000\n"},
                             {"/sys/fs/cgroup/cpu.max", "max 100000\n"}})),
            1.5);
  // A container sees its own group as the root.
  EXPECT_EQ(cpu_quota(texts(
                {{"/proc/self/cgroup", "0::/\n"}, {"/sys/fs/cgroup/cpu.max", "25000 100000\n"}})),
            0.25);
}

TEST(CpuLimitTest, Version1HasAFileForTheQuotaAndOneForThePeriod) {
  const std::string groups =
      "5:memory:/docker/x\n4:cpu,cpuacct:/docker/x\n1:name=systemd:/\n0::/\n";
  EXPECT_EQ(cpu_quota(texts({{"/proc/self/cgroup", groups},
                             {"/sys/fs/cgroup/cpu/docker/x/cpu.cfs_quota_us", "250000\n"},
                             {"/sys/fs/cgroup/cpu/docker/x/cpu.cfs_period_us", "100000\n"}})),
            2.5);
  // In a container the folder of the group is not there, and the root is that of the group.
  EXPECT_EQ(cpu_quota(texts({{"/proc/self/cgroup", groups},
                             {"/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "300000\n"},
                             {"/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"}})),
            3.0);
}

TEST(CpuLimitTest, TextsThatAreNoLimitsAreNone) {
  for (const std::string text : {"", "100000", "a b", "0 100000", "100000 0", "-5 10"}) {
    EXPECT_EQ(cpu_quota(texts({{"/proc/self/cgroup", "0::/\n"}, {"/sys/fs/cgroup/cpu.max", text}})),
              std::nullopt)
        << text;
  }
  for (const std::string groups : {"", "\n", "x", "0:", "0::", "0::..", "::::"}) {
    EXPECT_EQ(cpu_quota(texts({{"/proc/self/cgroup", groups}})), std::nullopt) << groups;
  }
}

TEST(CpuLimitTest, PartsOfACpuAreRoundedUpAndOneIsTheLeast) {
  EXPECT_EQ(usable_cpus(8, std::nullopt), 8);
  EXPECT_EQ(usable_cpus(8, 2.0), 2);
  EXPECT_EQ(usable_cpus(8, 2.1), 3);
  EXPECT_EQ(usable_cpus(8, 0.25), 1);
  EXPECT_EQ(usable_cpus(2, 16.0), 2);
  EXPECT_EQ(usable_cpus(2, 1e300), 2);
  EXPECT_EQ(usable_cpus(0, std::nullopt), 1);
}

TEST(CpuLimitTest, TheAffinityOfTheProcessCounts) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  EXPECT_LE(default_threads(), CPU_COUNT(&before));
  int first = 0;
  while (!CPU_ISSET(first, &before)) ++first;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(default_threads(), 1);
  ASSERT_EQ(sched_setaffinity(0, sizeof before, &before), 0);
}

TEST(CpuLimitTest, ThreadsThatTheSystemGivesArePossible) {
  EXPECT_NO_THROW(require_threads(1));
  EXPECT_NO_THROW(require_threads(4));
}

TEST(CpuLimitTest, ThreadsWhoseStacksAreBeyondTheAddressSpaceAreRefused) {
  setenv("OMP_STACKSIZE", "999999g", 1);
  EXPECT_NO_THROW(require_threads(1));
  try {
    require_threads(3);
    ADD_FAILURE() << "started";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_NE(std::string(error.what())
                  .find("threads = 3: the system starts only 1 with OMP_STACKSIZE=999999g ("),
              std::string::npos)
        << error.what();
  }
  setenv("OMP_STACKSIZE", "1m", 1);
  EXPECT_NO_THROW(require_threads(3));
  unsetenv("OMP_STACKSIZE");
}

}  // namespace
}  // namespace ebm::base
