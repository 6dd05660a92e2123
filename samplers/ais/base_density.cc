#include "samplers/ais/base_density.h"

#include <cmath>
#include <numbers>

#include "base/error.h"
#include "base/require.h"
#include "samplers/initial_states.h"

namespace ebm::samplers {

void BaseDensity::validate() const {
  if (box) {
    box->validate();
  } else {
    base::require_positive("base_sd", sd);
    // Outside, 1/sd² is no float.
    base::require_between("base_sd", sd, 1e-18, 1e18);
  }
}

double BaseDensity::log_z(std::int64_t dim) const {
  const double of_one = box ? std::log(static_cast<double>(box->high) - box->low)
                            : std::log(sd * std::sqrt(2.0 * std::numbers::pi));
  return static_cast<double>(dim) * of_one;
}

void BaseDensity::draw(const base::RandomKey& key, std::uint64_t first_chain_id, std::int64_t dim,
                       std::span<float> rows) const {
  draw_initial_states(key, first_chain_id, dim, box, rows);
  if (box) return;
  for (float& value : rows) value *= sd;
}

BaseDensity chosen_base(const BaseChoice& choice, const std::optional<Box>& walls) {
  const std::optional<Box> box = choice.box ? choice.box : walls;
  if (box && !(std::isfinite(box->low) && std::isfinite(box->high))) {
    throw Error(ErrorCode::kUsage, "box: must have finite ends, as the uniform base fills it");
  }
  bool is_uniform = choice.box || (box && !choice.sd);
  if (choice.kind) is_uniform = *choice.kind == BaseKind::kUniform;
  if (!is_uniform) {
    if (choice.box) {
      throw Error(ErrorCode::kUsage, "base = gaussian: has no walls; leave out --box");
    }
    return {.sd = base::to_float("base-sd", choice.sd.value_or(1.0))};
  }
  if (choice.sd) throw Error(ErrorCode::kUsage, "base = uniform: has no sd; leave out --base-sd");
  if (!box) throw Error(ErrorCode::kUsage, "base = uniform: needs --box LOW,HIGH");
  return {.box = box};
}

}  // namespace ebm::samplers
