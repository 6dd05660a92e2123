#include "samplers/simd/simd_target.h"

#include <hwy/highway.h>
#include <hwy/targets.h>

#include <cstdlib>

#include "base/error.h"

namespace ebm::samplers {

std::vector<std::int64_t> runnable_targets() {
  std::vector<std::int64_t> targets;
  const std::int64_t mask = hwy::SupportedTargets() & HWY_TARGETS;
  // Bits 61 and 62 are plain C++; 63 would make a mask negative.
  for (std::int64_t bit = 0; bit < 63; ++bit) {
    if ((mask & (std::int64_t{1} << bit)) != 0) targets.push_back(std::int64_t{1} << bit);
  }
  return targets;
}

std::string simd_target() { return hwy::TargetName(runnable_targets().front()); }

void apply_simd_override() {
  const char* wanted = std::getenv("EBM_SIMD");
  if (wanted == nullptr || *wanted == '\0') return;
  std::string names;
  for (const std::int64_t target : runnable_targets()) {
    if (std::string(wanted) == hwy::TargetName(target)) {
      hwy::SetSupportedTargetsForTest(target);
      return;
    }
    names += (names.empty() ? "" : ", ") + std::string(hwy::TargetName(target));
  }
  throw Error(ErrorCode::kUsage,
              "EBM_SIMD = " + std::string(wanted) + ": this machine runs " + names);
}

}  // namespace ebm::samplers
