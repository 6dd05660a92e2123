#pragma once

#include "base/names/choice.h"

namespace ebm::samplers {

/// Bounds that hold for every coordinate; one or both may be infinite.
struct Box {
  float low;
  float high;

  /// @throws Error(kUsage) unless low < high.
  void validate() const;
};

/// What happens to a chain that steps outside the box.
enum class BoxRule {
  kClamp,    ///< clamped to the wall, as in recipes for images; no sampler is exact with it
  kReflect,  ///< reflected at the wall: exact for Hamiltonian kernels (momentum flips), approximate
             ///< for ULA
};

inline constexpr base::Choice<BoxRule> kBoxRules[] = {{"clamp", BoxRule::kClamp},
                                                      {"reflect", BoxRule::kReflect}};

}  // namespace ebm::samplers
