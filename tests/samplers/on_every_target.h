#pragma once

#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <cstdint>

#include "samplers/simd/simd_target.h"

namespace ebm::samplers {

/// Runs the body of a test once on every SIMD target of the machine, best first.
template <class Body>
void on_every_target(Body body) {
  for (const std::int64_t target : runnable_targets()) {
    hwy::SetSupportedTargetsForTest(target);
    SCOPED_TRACE(hwy::TargetName(target));
    body();
  }
  hwy::SetSupportedTargetsForTest(0);
}

}  // namespace ebm::samplers
