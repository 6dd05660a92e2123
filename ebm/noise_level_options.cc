#include "ebm/noise_level_options.h"

#include "base/number_text.h"
#include "training/option_checks.h"

namespace ebm {

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
  if (options.classify_weight > 0.0) {
    training::refuse("classify_weight", options.classify_weight, "0 with noise_sd_max");
  }
}

}  // namespace ebm
