#include "ebm/train_defaults.h"

#include <cstdint>
#include <string>
#include <variant>

#include "ebm/train_options.h"

namespace ebm {
namespace {

/// The other defaults of toys, which live in no box: T = 1, and steps that are stable where the
/// energy is as steep as 1/sd² of the narrowest toys, 0.05, and twice that.
constexpr double kToyStepSize = 0.001953125, kToyNoiseScale = 0.0625;
constexpr std::int64_t kToySampleSteps = 1024;
constexpr double kToyClamp = 0.0, kToyEnergyL2 = 0.0;

void take_toy_defaults(TrainOptions& options, const training::ConfigTable& table) {
  if (!table.is_set("net")) options.net = objective_entry(options.objective).toy_net;
  if (!table.is_set("step_size")) options.step_size = kToyStepSize;
  if (!table.is_set("noise_scale")) options.noise_scale = kToyNoiseScale;
  if (!table.is_set("sample_steps")) options.sample_steps = kToySampleSteps;
  if (!table.is_set("clamp_energy_grad")) options.clamp_energy_grad = kToyClamp;
  if (!table.is_set("energy_l2")) options.energy_l2 = kToyEnergyL2;
}

void take_objective_defaults(TrainOptions& options, bool is_image,
                             const training::ConfigTable& table) {
  for (const ObjectiveEntry::Default& each : objective_entry(options.objective).defaults) {
    if (table.is_set(each.name)) continue;
    if (each.of_one_level && options.noise_sd == 0.0) continue;
    if (each.of_image_presets && (!is_image || options.net.ends_with(".toml"))) continue;
    const auto take = [&]<class Value>(Value TrainOptions::*member) {
      options.*member = static_cast<Value>(each.value);
    };
    std::visit(take, each.member);
  }
}

/// Sets the learning rate and its decay as those of any run, unless they were set.
void take_general_rate(TrainOptions& options, const training::ConfigTable& table) {
  const TrainOptions own;
  const training::RunOptions general;
  const auto take = [&](const char* key, auto member) {
    if (!table.is_set(key) && options.*member == own.*member) options.*member = general.*member;
  };
  take("learning_rate", &training::RunOptions::learning_rate);
  take("lr_schedule", &training::RunOptions::lr_schedule);
  take("lr_decay_start", &training::RunOptions::lr_decay_start);
  take("lr_final_fraction", &training::RunOptions::lr_final_fraction);
  take("ema_decay", &training::RunOptions::ema_decay);
}

/// Notes the learning rate and its decay of runs that have those of any run.
void note_general_rate(training::ConfigTable& table) {
  std::string runs = "toys";
  for (const ObjectiveEntry& entry : objective_table()) {
    if (!entry.has_image_rate) runs += ", " + std::string(entry.name);
  }
  training::RunOptions general;
  training::ConfigTable of_any_run;
  general.add_optimiser_keys(of_any_run);
  TrainOptions images;
  training::ConfigTable of_images;
  images.add_optimiser_keys(of_images);
  for (std::size_t i = 0; i < of_any_run.keys().size(); ++i) {
    const auto& key = of_any_run.keys()[i];
    const auto value = training::ConfigTable::present_value(key);
    if (value == training::ConfigTable::present_value(of_images.keys()[i])) continue;
    table.note_other_default(key.name, runs, value);
  }
}

void note_toy_defaults(training::ConfigTable& table) {
  const std::string toy_net = objective_table().front().toy_net;
  table.note_other_default("net", "toys", toy_net);
  for (const ObjectiveEntry& entry : objective_table()) {
    if (entry.toy_net == toy_net) continue;
    table.note_other_default("net", "toys, " + std::string(entry.name), std::string(entry.toy_net));
  }
  table.note_other_default("step_size", "toys", kToyStepSize);
  table.note_other_default("noise_scale", "toys", kToyNoiseScale);
  table.note_other_default("sample_steps", "toys", kToySampleSteps);
  table.note_other_default("clamp_energy_grad", "toys, base", kToyClamp);
  table.note_other_default("energy_l2", "toys", kToyEnergyL2);
}

void note_objective_defaults(training::ConfigTable& table) {
  for (const ObjectiveEntry& entry : objective_table()) {
    for (const ObjectiveEntry::Default& each : entry.defaults) {
      const auto note = [&]<class Value>(Value TrainOptions::*) {
        const char* condition = each.of_one_level ? " with noise_sd" : "";
        table.note_other_default(each.name, std::string(entry.name) + condition,
                                 static_cast<Value>(each.value));
      };
      std::visit(note, each.member);
    }
  }
}

}  // namespace

void take_defaults(TrainOptions& options, bool is_image, const training::ConfigTable& table) {
  if (!is_image) take_toy_defaults(options, table);
  // One level of noise leaves no others.
  const bool has_one_level =
      options.noise_sd > 0.0 && options.noise_sd_min == 0.0 && options.noise_sd_max == 0.0;
  take_objective_defaults(options, is_image, table);
  if (has_one_level && !table.is_set("noise_sd_min") && !table.is_set("noise_sd_max")) {
    options.noise_sd_min = options.noise_sd_max = 0.0;
  }
  if (!is_image || !objective_entry(options.objective).has_image_rate) {
    take_general_rate(options, table);
  }
  if (!options.base.empty() && !table.is_set("clamp_energy_grad")) options.clamp_energy_grad = 0.0;
}

void note_defaults(training::ConfigTable& table) {
  note_toy_defaults(table);
  note_general_rate(table);
  note_objective_defaults(table);
}

}  // namespace ebm
