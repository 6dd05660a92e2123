#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/names/choice.h"
#include "base/random.h"
#include "samplers/box.h"

namespace ebm::samplers {

/// The density that an annealing path starts from: exact draws, exact log Z.
///   N(0, sd²·I)             E = ‖x‖²/(2·sd²)   log Z = dim·ln(sd·√(2π))
///   uniform on box, if set  E = 0              log Z = dim·ln(high − low)
struct BaseDensity {
  float sd = 1.0f;                        ///< data units; not used with a box
  std::optional<Box> box = std::nullopt;  ///< the target, too, then is exp(−E/T) cut off at it

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
  double log_z(std::int64_t dim) const;
  /// Half the squared norm of a state times this is its energy: 1/sd², 0 with a box.
  float precision() const { return box ? 0.0f : 1.0f / (sd * sd); }
  /// Draws for chains first_chain_id, ..., addressed as in draw_initial_states.
  /// @param rows  [n, dim], written
  void draw(const base::RandomKey& key, std::uint64_t first_chain_id, std::int64_t dim,
            std::span<float> rows) const;
};

enum class BaseKind { kGaussian, kUniform };

inline constexpr base::Choice<BaseKind> kBaseKinds[] = {{"gaussian", BaseKind::kGaussian},
                                                        {"uniform", BaseKind::kUniform}};

/// How a base is chosen; what is empty is left open.
struct BaseChoice {
  std::optional<BaseKind> kind = {};
  std::optional<double> sd = {};
  std::optional<Box> box = {};
};

/// The base of a choice: uniform if a box is given, or if the target has walls and no sd is given;
/// else Gaussian, of sd 1 unless given.
/// @param walls  of the target, if it has any: the box of a uniform base that gives none
/// @throws Error(kUsage) for a box that is not finite, a box of a Gaussian, and a
///         uniform base with an sd or without a box
BaseDensity chosen_base(const BaseChoice& choice, const std::optional<Box>& walls);

}  // namespace ebm::samplers
