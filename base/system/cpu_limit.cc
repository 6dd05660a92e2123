#include "base/system/cpu_limit.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <latch>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/system/openmp_settings.h"

namespace ebm::base {
namespace {

/// CPUs of this process's affinity mask; 1 if the system does not tell.
int allowed_cpus() {
  // A machine may have more CPUs than the set has room for.
  for (int capacity = CPU_SETSIZE; capacity <= 1 << 20; capacity *= 2) {
    const std::size_t bytes = CPU_ALLOC_SIZE(capacity);
    cpu_set_t* set = CPU_ALLOC(capacity);
    if (set == nullptr) return 1;
    const bool known = ::sched_getaffinity(0, bytes, set) == 0;
    const int count = known ? CPU_COUNT_S(bytes, set) : 0;
    CPU_FREE(set);
    if (known) return count;
  }
  return 1;
}

}  // namespace

std::optional<double> cpu_quota(const ReadText& read) {
  std::optional<double> least;
  const auto limit = [&](std::optional<double> quota, std::optional<double> period) {
    // No limit is "max" in version 2, −1 in version 1.
    if (!quota || !period || *quota <= 0.0 || *period <= 0.0) return;
    least = std::min(least.value_or(*quota / *period), *quota / *period);
  };
  const CgroupFolders folders = cgroup_folders(read, "cpu");
  for (const std::string& folder : folders.v2) {
    const std::string text = read(folder + "/cpu.max").value_or("");
    const auto space = text.find(' ');
    if (space == std::string::npos) continue;
    limit(leading_number(text), leading_number(text.substr(space + 1)));
  }
  for (const std::string& folder : folders.v1) {
    limit(leading_number(read(folder + "/cpu.cfs_quota_us")),
          leading_number(read(folder + "/cpu.cfs_period_us")));
  }
  return least;
}

int usable_cpus(int n_allowed, std::optional<double> quota) {
  const double n = quota ? std::min<double>(n_allowed, std::ceil(*quota)) : n_allowed;
  return std::max(1, static_cast<int>(n));
}

int default_threads() { return usable_cpus(allowed_cpus(), cpu_quota(read_system_text)); }

void require_threads(int n_threads) {
  const auto stack = openmp_stack();
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  int reason = stack ? ::pthread_attr_setstacksize(&attributes, stack->n_bytes) : 0;
  std::vector<pthread_t> threads;
  // All have to be there at once.
  std::latch end(1);
  const auto wait_for_end = [](void* latch) -> void* {
    static_cast<std::latch*>(latch)->wait();
    return nullptr;
  };
  for (int i = 1; i < n_threads && reason == 0; ++i) {
    pthread_t thread;
    reason = ::pthread_create(&thread, &attributes, wait_for_end, &end);
    if (reason == 0) threads.push_back(thread);
  }
  ::pthread_attr_destroy(&attributes);
  end.count_down();
  for (const pthread_t thread : threads) ::pthread_join(thread, nullptr);
  if (reason == 0 || n_threads <= 1) return;
  throw Error(ErrorCode::kUsage, "threads = " + std::to_string(n_threads) +
                                     ": the system starts only " +
                                     std::to_string(threads.size() + 1) +
                                     (stack ? " with " + stack->setting : std::string()) + " (" +
                                     std::strerror(reason) + ")");
}

}  // namespace ebm::base
