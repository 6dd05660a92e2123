#include "ebm/objectives/objective_table.h"

#include "base/error.h"
#include "ebm/objectives/contrastive_divergence.h"
#include "ebm/objectives/noise_contrastive.h"
#include "ebm/train_options.h"

namespace ebm {

std::span<const ObjectiveEntry> objective_table() {
  static const std::vector<ObjectiveEntry> table{
      {.kind = ObjectiveKind::kContrastiveDivergence,
       .name = "cd",
       .description = "contrastive divergence",
       .own_keys = {{"kl_weight", &TrainOptions::kl_weight},
                    {"energy_l2", &TrainOptions::energy_l2}},
       .has_image_rate = true,
       .make = make_contrastive_divergence},
      {.kind = ObjectiveKind::kNoiseContrastive,
       .name = "nce",
       .description = "noise-contrastive estimation",
       .own_keys = {{"noise_learning_rate", &TrainOptions::noise_learning_rate}},
       .has_image_rate = false,
       .make = make_noise_contrastive},
  };
  return table;
}

const ObjectiveEntry& objective_entry(ObjectiveKind kind) {
  for (const ObjectiveEntry& entry : objective_table()) {
    if (entry.kind == kind) return entry;
  }
  throw Error(ErrorCode::kInternal, "an objective is missing from the table of objectives");
}

}  // namespace ebm
