#include "gan/gan_options.h"

#include "torch_nets/row_groups.h"
#include "training/option_checks.h"

namespace ebm::gan {
namespace {

constexpr base::Choice<SpectralNorm> kSpectralNorms[] = {{"auto", SpectralNorm::kAuto},
                                                         {"forward", SpectralNorm::kForward},
                                                         {"projection", SpectralNorm::kProjection},
                                                         {"operator", SpectralNorm::kOperator},
                                                         {"none", SpectralNorm::kNone}};

constexpr const char* kToyCritic = "mlp";

}  // namespace

GanOptions::GanOptions() {
  iterations = 10000;
  data_noise = 0.0;
  learning_rate = 2e-4;
  lr_schedule = training::RateSchedule::kConstant;
  beta1 = 0.5;
  clip_grad_norm = 0.0;
  ema_decay = 0.999;
  guard_energy_gap = 1000.0;
}

training::ConfigTable GanOptions::table() {
  training::ConfigTable t;
  add_run_keys(t);
  t.add("generator", &generator, "FILE.toml, preset (dcgan28, resnet28, ...), auto = by size");
  t.add("critic", &critic, "FILE.toml or preset, as the net of ebm train");
  t.add("objective", &objective, objective_choices(), "losses of critic and generator");
  t.add("latent_dim", &latent_dim, "dimension of the generator's input");
  t.add("critic_steps", &critic_steps, "critic steps per iteration");
  t.add("spectral_norm", &spectral_norm, kSpectralNorms,
        "spectral norm of the critic's layers; auto = by objective");
  t.add("critic_learning_rate", &critic_learning_rate, "peak learning rate of the critic's Adam");
  t.add("penalty", &penalty, "weight of the gradient penalty; -1 = the objective's own");
  t.add("clip", &clip, "wgan: bound on the critic's weights");
  t.add("qp_scale", &qp_scale, "gan-qp: scale of the distances");
  t.add("entropy_weight", &entropy_weight, "weight of the samples' entropy (MEG); 0 = none");
  add_optimiser_keys(t);
  add_record_keys(t, "the generator's images");
  t.note_other_default("critic", "toys", std::string(kToyCritic));
  return t;
}

void GanOptions::resolve(const data::Dataset& dataset, const training::ConfigTable& table) {
  if (!dataset.is_image && !table.is_set("critic")) critic = kToyCritic;
  if (generator == "auto") {
    generator = !dataset.is_image ? "mlp" : dataset.shape.height == 28 ? "dcgan28" : "dcgan32";
  }
  if (spectral_norm == SpectralNorm::kAuto) {
    spectral_norm =
        make_objective()->constrains_gradient() ? SpectralNorm::kNone : SpectralNorm::kForward;
  }
  resolve_run();
}

void GanOptions::validate() const {
  validate_run();
  training::require_in_range("latent_dim", latent_dim, 1, 65536);
  training::require_in_range("critic_steps", critic_steps, 1, training::kMaxSteps);
  training::require_not_negative("critic_learning_rate", critic_learning_rate);
  training::require_not_negative("entropy_weight", entropy_weight);
  if (batch_size % torch_nets::kGroupRows != 0) {
    training::refuse("batch_size", batch_size,
                     "a multiple of 32, the images that share batch-norm statistics");
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
