#include "gan/gan_options.h"

#include "torch_nets/row_groups.h"
#include "training/option_checks.h"

namespace ebm::gan {

GanOptions::GanOptions() {
  iterations = 10000;
  data_noise = 0.0;
  learning_rate = 2e-4;
  lr_schedule = "constant";
  beta1 = 0.5;
  clip_grad_norm = 0.0;
  ema_decay = 0.999;
  guard_energy_gap = 1000.0;
}

training::ConfigTable GanOptions::table() {
  training::ConfigTable t;
  add_run_keys(t);
  t.add("generator", &generator,
        "preset (mlp, dcgan28, resnet28, selfmod28, dcgan32, ...), FILE.toml, or auto: dcgan28, "
        "dcgan32 or mlp, as fits");
  t.add("critic", &critic, "* a network as of ebm train: preset or FILE.toml");
  t.add("objective", &objective,
        "ns, r1, hinge, least-squares, relativistic, wgan, wgan-gp, wgan-div, gan-qp or energy");
  t.add("latent_dim", &latent_dim, "numbers that the generator starts from");
  t.add("critic_steps", &critic_steps, "steps of the critic an iteration");
  t.add("spectral_norm", &spectral_norm,
        "of the critic's layers: forward (W/norm within), projection (weights after each step), "
        "operator (the same by the norms of the convolutions as maps), none, or auto: forward, "
        "but none where the objective has a rule of its own for slopes");
  t.add("critic_learning_rate", &critic_learning_rate, "peak rate of the critic's Adam");
  t.add("penalty", &penalty, "weight of the price of slopes; -1: the objective's own");
  t.add("clip", &clip, "bound on the critic's weights, of wgan");
  t.add("qp_scale", &qp_scale, "scale of gan-qp");
  t.add("entropy_weight", &entropy_weight,
        "of the entropy of samples, which the generator raises; MEG: with the objective energy");
  add_optimiser_keys(t);
  add_record_keys(t, "the generator's images");
  return t;
}

void GanOptions::resolve(const data::Dataset& dataset, const training::ConfigTable& table) {
  if (!dataset.is_image && !table.is_set("critic")) critic = "mlp";
  if (generator == "auto") {
    generator = !dataset.is_image ? "mlp" : dataset.shape.height == 28 ? "dcgan28" : "dcgan32";
  }
  if (spectral_norm == "auto") {
    spectral_norm = make_objective()->holds_slope() ? "none" : "forward";
  }
  resolve_run();
}

void GanOptions::validate() const {
  validate_run();
  training::require_in_range("latent_dim", latent_dim, 1, 65536);
  training::require_in_range("critic_steps", critic_steps, 1, training::kMaxSteps);
  training::require_not_negative("critic_learning_rate", critic_learning_rate);
  training::require_one_of("spectral_norm", spectral_norm,
                           {"auto", "forward", "projection", "operator", "none"});
  training::require_not_negative("entropy_weight", entropy_weight);
  if (batch_size % torch_nets::kGroupRows != 0) {
    training::refuse("batch_size", batch_size,
                     "a multiple of 32, the images that share their batch norms");
  }
  make_objective();
}

std::unique_ptr<const Objective> GanOptions::make_objective() const {
  // What stands at its default was not asked for, whatever objective reads it.
  const GanOptions defaults;
  const auto given = [](double value, double untouched) {
    return value == untouched ? std::nullopt : std::optional(value);
  };
  return gan::make_objective(objective, {.penalty = given(penalty, defaults.penalty),
                                         .clip = given(clip, defaults.clip),
                                         .qp_scale = given(qp_scale, defaults.qp_scale)});
}

training::EvaluationSchedule GanOptions::evaluations() const {
  const double images = static_cast<double>(batch_size) * static_cast<double>(critic_steps);
  return training::EvaluationSchedule::within_budget(eval_budget, static_cast<double>(eval_n),
                                                     images, log_every);
}

}  // namespace ebm::gan
