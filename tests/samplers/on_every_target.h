#pragma once

#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <cstdint>

namespace ebm::samplers {

/// Runs the body of a test once on every SIMD target of the machine, best first.
template <class Body>
void on_every_target(Body body) {
  const std::int64_t runnable = hwy::SupportedTargets() & HWY_TARGETS;
  for (int bit = 0; bit < 62; ++bit) {
    const std::int64_t target = std::int64_t{1} << bit;
    if ((runnable & target) == 0) continue;
    hwy::SetSupportedTargetsForTest(target);
    SCOPED_TRACE(hwy::TargetName(target));
    body();
  }
  hwy::SetSupportedTargetsForTest(0);
}

}  // namespace ebm::samplers
