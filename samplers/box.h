#pragma once

namespace ebm::samplers {

/// Bounds that hold for every coordinate; one or both may be infinite.
struct Box {
  float low;
  float high;

  /// @throws Error(kUsage) unless low < high.
  void validate() const;
};

/// What happens to a chain that steps over a wall.
enum class BoxRule {
  kClamp,    ///< it stays at the wall, as in image recipes; no sampler is exact with it
  kReflect,  ///< it bounces off: exact for Hamiltonian kernels (momentum flips), approximate for
             ///< ULA
};

}  // namespace ebm::samplers
