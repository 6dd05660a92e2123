#include "ebm/objectives/objective_table.h"

#include "base/error.h"
#include "ebm/objectives/contrastive_divergence.h"
#include "ebm/objectives/denoising_score_matching.h"
#include "ebm/objectives/dual_score_matching.h"
#include "ebm/objectives/energy_discrepancy.h"
#include "ebm/objectives/energy_matching.h"
#include "ebm/objectives/equilibrium_matching.h"
#include "ebm/objectives/noise_contrastive.h"
#include "ebm/objectives/recovery_likelihood.h"
#include "ebm/objectives/sliced_score_matching.h"
#include "ebm/train_options.h"

namespace ebm {
namespace {
using Defaults = std::vector<ObjectiveEntry::Default>;

/// Of objectives that fit slopes of the energy.
Defaults slope_defaults() {
  return {{"beta1", &TrainOptions::beta1, 0.9},
          {"guard_grad_norm", &TrainOptions::guard_grad_norm, 1e5}};
}

/// Of those for which exp(−E) is a density: chains at T = 1, in steps that are stable where the
/// energy is as steep as 1/sd² of an sd of 0.05.
Defaults density_defaults(bool of_one_level = false) {
  Defaults all{{"step_size", &TrainOptions::step_size, 0.001953125},
               {"noise_scale", &TrainOptions::noise_scale, 0.0625},
               {"clamp_energy_grad", &TrainOptions::clamp_energy_grad, 0.0}};
  for (ObjectiveEntry::Default& each : all) each.of_one_level = of_one_level;
  return all;
}

Defaults both(Defaults all, const Defaults& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// Of those that fit them at many levels of noise.
Defaults level_defaults() {
  return both({{"noise_sd_min", &TrainOptions::noise_sd_min, 0.02},
               {"noise_sd_max", &TrainOptions::noise_sd_max, 10.0},
               {"sample_steps", &TrainOptions::sample_steps, 100}},
              slope_defaults());
}

}  // namespace

std::span<const ObjectiveEntry> objective_table() {
  static const std::vector<ObjectiveEntry> kTable{
      {.kind = ObjectiveKind::kContrastiveDivergence,
       .name = "cd",
       .description = "contrastive divergence",
       .reads = {"base", "steps", "step_size", "noise_scale", "clamp_energy_grad", "persistent",
                 "buffer_capacity", "buffer_storage", "buffer_policy", "restart_probability",
                 "augment_probability", "augment_flip", "augment_shift", "augment_colour",
                 "energy_l2", "kl_weight", "guard_energy_gap", "guard_class_gap",
                 "guard_saturation"},
       .toy_net = "mlp",
       .has_image_rate = true,
       .make = make_contrastive_divergence},
      {.kind = ObjectiveKind::kNoiseContrastive,
       .name = "nce",
       .description = "noise-contrastive estimation",
       .reads = {"noise", "noise_learning_rate", "step_size", "noise_scale", "clamp_energy_grad",
                 "guard_saturation"},
       .defaults = density_defaults(),
       .toy_net = "mlp",
       .has_image_rate = false,
       .make = make_noise_contrastive},
      {.kind = ObjectiveKind::kEnergyMatching,
       .name = "energy-matching",
       .description = "energy matching",
       .reads = {"energy_scale", "optimal_pairs", "contrast_weight", "contrast_start", "step_size",
                 "noise_scale", "guard_energy_gap", "guard_saturation", "guidance_start",
                 "guidance_end"},
       .defaults = {{"energy_scale", &TrainOptions::energy_scale, 30.0, /*of_image_presets=*/true},
                    {"beta1", &TrainOptions::beta1, 0.9},
                    {"beta2", &TrainOptions::beta2, 0.95},
                    {"step_size", &TrainOptions::step_size, 0.04},
                    {"noise_scale", &TrainOptions::noise_scale, 0.0},
                    {"sample_steps", &TrainOptions::sample_steps, 36}},
       .toy_net = "mlp-silu",
       .has_image_rate = true,
       .make = make_energy_matching},
      {.kind = ObjectiveKind::kDenoisingScoreMatching,
       .name = "dsm",
       .description = "denoising score matching",
       .reads = {"noise_sd", "noise_sd_min", "noise_sd_max", "data_sd", "step_size", "noise_scale",
                 "clamp_energy_grad"},
       .defaults = both(level_defaults(), density_defaults(/*of_one_level=*/true)),
       .toy_net = "mlp-silu",
       .has_image_rate = true,
       .make = make_denoising_score_matching},
      {.kind = ObjectiveKind::kDualScoreMatching,
       .name = "dual",
       .description = "dual score matching",
       .reads = {"noise_sd_min", "noise_sd_max", "data_sd"},
       .defaults = level_defaults(),
       .toy_net = "mlp-silu",
       .has_image_rate = true,
       .one_log_z = true,
       .make = make_dual_score_matching},
      {.kind = ObjectiveKind::kEnergyDiscrepancy,
       .name = "discrepancy",
       .description = "energy discrepancy",
       .reads = {"noise_sd", "perturbations", "stabilisation", "step_size", "noise_scale",
                 "clamp_energy_grad"},
       .defaults =
           both({{"noise_sd", &TrainOptions::noise_sd, 0.3}, {"beta1", &TrainOptions::beta1, 0.9}},
                density_defaults()),
       .toy_net = "mlp",
       .has_image_rate = true,
       .make = make_energy_discrepancy},
      {.kind = ObjectiveKind::kEquilibriumMatching,
       .name = "equilibrium",
       .description = "equilibrium matching",
       .reads = {"energy_scale", "step_size", "momentum"},
       .defaults = {{"energy_scale", &TrainOptions::energy_scale, 30.0, /*of_image_presets=*/true},
                    {"beta1", &TrainOptions::beta1, 0.9},
                    {"beta2", &TrainOptions::beta2, 0.95},
                    {"step_size", &TrainOptions::step_size, 0.0017},
                    {"sample_steps", &TrainOptions::sample_steps, 250}},
       .toy_net = "mlp-silu",
       .has_image_rate = true,
       .make = make_equilibrium_matching},
      {.kind = ObjectiveKind::kRecoveryLikelihood,
       .name = "recovery",
       .description = "diffusion recovery likelihood",
       .reads = {"noise_sd_min", "noise_sd_max", "data_sd", "noise_levels", "step_size",
                 "guard_energy_gap"},
       .defaults = {{"noise_sd_min", &TrainOptions::noise_sd_min, 0.02},
                    {"noise_sd_max", &TrainOptions::noise_sd_max, 5.0},
                    {"beta1", &TrainOptions::beta1, 0.9},
                    {"step_size", &TrainOptions::step_size, 0.3},
                    {"sample_steps", &TrainOptions::sample_steps, 240},
                    {"guard_grad_norm", &TrainOptions::guard_grad_norm, 1e5}},
       .toy_net = "mlp",
       .has_image_rate = true,
       .make = make_recovery_likelihood},
      {.kind = ObjectiveKind::kSlicedScoreMatching,
       .name = "ssm",
       .description = "sliced score matching",
       .reads = {"step_size", "noise_scale", "clamp_energy_grad"},
       .defaults = both(slope_defaults(), density_defaults()),
       .toy_net = "mlp-silu",
       .has_image_rate = true,
       .make = make_sliced_score_matching},
  };
  return kTable;
}

const ObjectiveEntry& objective_entry(ObjectiveKind kind) {
  for (const ObjectiveEntry& entry : objective_table()) {
    if (entry.kind == kind) return entry;
  }
  throw Error(ErrorCode::kInternal, "an objective is missing from the table of objectives");
}

}  // namespace ebm
