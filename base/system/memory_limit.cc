#include "base/system/memory_limit.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/error.h"

namespace ebm::base {
namespace {

/// The number after `name` in lines of "name number" or "name: number".
std::optional<double> field(const std::optional<std::string>& text, const std::string& name) {
  if (!text) return std::nullopt;
  for (std::size_t at = 0; (at = text->find(name, at)) != std::string::npos; at += name.size()) {
    const std::size_t end = at + name.size();
    const bool is_whole = (at == 0 || (*text)[at - 1] == '\n') && end < text->size() &&
                          ((*text)[end] == ' ' || (*text)[end] == ':');
    const std::size_t number = is_whole ? text->find_first_not_of(": \t", end) : std::string::npos;
    if (number != std::string::npos) return leading_number(text->substr(number, 24));
  }
  return std::nullopt;
}

/// Files of one version of control groups.
struct MemoryFiles {
  const char* limit;
  const char* use;
  const char* cached;  ///< field of memory.stat
};

/// Limit less use of each group.
void apply_groups(const ReadText& read, const std::vector<std::string>& folders,
                  const MemoryFiles& files, AvailableMemory& least) {
  for (const std::string& folder : folders) {
    const auto limit = leading_number(read(folder + "/" + files.limit));
    const auto use = leading_number(read(folder + "/" + files.use));
    if (!limit || !use) continue;
    const double cached = field(read(folder + "/memory.stat"), files.cached).value_or(0.0);
    const double left = std::max(0.0, *limit - std::max(0.0, *use - cached));
    if (left < least.bytes) least = {left, "the control group"};
  }
}

/// Rounded down to two digits.
double two_digits(double value) {
  if (value < 100.0) return std::floor(value);
  const double unit = std::pow(10.0, std::floor(std::log10(value)) - 1.0);
  return std::floor(value / unit) * unit;
}

}  // namespace

AvailableMemory available_memory(const ReadText& read, std::optional<double> address_space) {
  AvailableMemory least;
  const auto meminfo = read("/proc/meminfo");
  if (const auto free = field(meminfo, "MemAvailable")) {
    least = {1024.0 * (*free + field(meminfo, "SwapFree").value_or(0.0)), "this machine"};
  }
  const CgroupFolders folders = cgroup_folders(read, "memory");
  apply_groups(read, folders.v2, {"memory.max", "memory.current", "inactive_file"}, least);
  apply_groups(read, folders.v1,
               {"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"}, least);
  if (address_space) {
    const double pages = leading_number(read("/proc/self/statm")).value_or(0.0);
    const double used = pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
    const double left = std::max(0.0, *address_space - used);
    if (left < least.bytes) least = {left, "ulimit -v"};
  }
  return least;
}

/// Of `ulimit -v`; nothing if there is none.
static std::optional<double> address_space_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  return static_cast<double>(limit.rlim_cur);
}

AvailableMemory available_memory() {
  return available_memory(read_system_text, address_space_limit());
}

void require_address_space(double n_bytes, const std::string& what) {
  const auto limit = address_space_limit();
  if (!limit || *limit >= n_bytes) return;
  throw Error(ErrorCode::kUsage, "ulimit -v leaves " + byte_text(*limit) + " of address space: " +
                                     what + " takes " + byte_text(n_bytes) + " to be loaded");
}

std::string memory_shortage(const MemoryNeed& need, const AvailableMemory& available) {
  const double bytes = need.fixed + static_cast<double>(need.value) * need.each;
  if (bytes <= available.bytes) return "";
  const double fits = two_digits(std::max(0.0, (available.bytes - need.fixed) / need.each));
  char enough[48];
  std::snprintf(enough, sizeof enough, "enough for %.0f", fits);
  const std::string value = std::to_string(need.value);
  const std::string subject =
      need.option.empty() ? value : need.option + " = " + value + ": that many";
  return subject + " " + need.what + " do not fit in memory: needs " + byte_text(bytes) + ", " +
         available.limited_by + " leaves " + byte_text(available.bytes) + ", " +
         (fits >= 1.0 ? enough : "not enough for 1");
}

void require_memory(const MemoryNeed& need) {
  const std::string shortage = memory_shortage(need, available_memory());
  if (!shortage.empty()) throw Error(ErrorCode::kUsage, shortage);
}

std::string byte_text(double n_bytes) {
  constexpr const char* kUnits[] = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
  std::size_t unit = 0;
  while (n_bytes >= 1000.0 && unit + 1 < std::size(kUnits)) {
    n_bytes /= 1000.0;
    ++unit;
  }
  char text[48];
  std::snprintf(text, sizeof text, n_bytes < 10.0 && unit > 0 ? "%.1f %s" : "%.0f %s", n_bytes,
                kUnits[unit]);
  return text;
}

}  // namespace ebm::base
