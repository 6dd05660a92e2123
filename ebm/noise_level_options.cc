#include "ebm/noise_level_options.h"

#include <string>

#include "base/number_text.h"
#include "training/option_checks.h"

namespace ebm {
namespace {

/// Of the lowest level in the highest: beyond it powers of their ratio leave float32.
constexpr double kLeastRatio = 1e-12;

}  // namespace

void require_noise_levels(const TrainOptions& options) {
  training::require_not_negative("noise_sd", options.noise_sd);
  training::require_not_negative("noise_sd_min", options.noise_sd_min);
  training::require_not_negative("noise_sd_max", options.noise_sd_max);
  training::require_not_negative("data_sd", options.data_sd);
  const bool has_levels = options.noise_sd_min > 0.0 || options.noise_sd_max > 0.0;
  if (options.noise_sd > 0.0 && has_levels) {
    training::refuse("noise_sd", options.noise_sd, "0 with noise_sd_min and noise_sd_max");
  }
  const bool is_recovery = options.objective == ObjectiveKind::kRecoveryLikelihood;
  training::require_in_range("noise_levels", options.noise_levels, 2, 1000);
  if (is_recovery && options.sample_steps < 2 * options.noise_levels) {
    training::refuse(
        "sample_steps", options.sample_steps,
        "at least 2 for each of noise_levels, " + std::to_string(2 * options.noise_levels));
  }
  if (is_recovery && !has_levels) {
    training::refuse("noise_sd_max", options.noise_sd_max, "above 0 with objective = recovery");
  }
  if (!has_levels) {
    if (options.data_sd > 0.0) training::refuse("data_sd", options.data_sd, "0 with noise_sd");
    return;
  }
  if (!(options.noise_sd_min > 0.0 && options.noise_sd_min < options.noise_sd_max)) {
    training::refuse("noise_sd_min", options.noise_sd_min,
                     "above 0 and below noise_sd_max, " + base::number_text(options.noise_sd_max));
  }
  if (options.noise_sd_min < kLeastRatio * options.noise_sd_max) {
    training::refuse("noise_sd_min", options.noise_sd_min,
                     "at least " + base::number_text(kLeastRatio) + " of noise_sd_max, " +
                         base::number_text(options.noise_sd_max));
  }
  if (options.classify_weight > 0.0) {
    training::refuse("classify_weight", options.classify_weight, "0 with noise_sd_max");
  }
}

}  // namespace ebm
