#include "nets/files/sampler_recipe.h"

#include <cmath>
#include <map>
#include <string_view>

#include "base/error.h"
#include "base/names/choice.h"
#include "base/number_text.h"
#include "base/quote.h"
#include "base/require.h"
#include "nets/files/parse_toml.h"
#include "nets/files/toml_text.h"

namespace ebm::nets {
namespace {

constexpr const char* kPrecisionKey = "precision";
constexpr const char* kSamplerKey = "sampler";

std::string text_of(float value) { return toml_text(base::plain_double(value)); }

/// Those whose settings a file holds.
constexpr samplers::SamplerKind kRecipeSamplers[] = {
    samplers::SamplerKind::kLangevin,         samplers::SamplerKind::kGradientFlow,
    samplers::SamplerKind::kAnnealedLangevin, samplers::SamplerKind::kProbabilityFlow,
    samplers::SamplerKind::kAncestral,        samplers::SamplerKind::kNesterov,
    samplers::SamplerKind::kRecovery};

/// @param fail  throws for the file
template <class Fail>
samplers::SamplerKind sampler_of(const std::string& name, const Fail& fail) {
  std::string names;
  for (const samplers::SamplerKind kind : kRecipeSamplers) {
    if (name == samplers::sampler_name(kind)) return kind;
    names += (names.empty() ? "" : " or ") + samplers::sampler_name(kind);
  }
  fail("has sampler = " + base::quote(name, '\'') + ", expected " + names);
  return samplers::SamplerKind::kLangevin;
}

}  // namespace

std::string recipe_to_toml(const SamplerRecipe& recipe) {
  // toml++ would write 17 digits of each number.
  std::map<std::string, std::string> texts{{"n_steps", std::to_string(recipe.n_steps)},
                                           {"step_size", text_of(recipe.langevin.step_size)},
                                           {"noise_scale", text_of(recipe.langevin.noise_scale)}};
  if (recipe.langevin.clamp_energy_grad) {
    texts["clamp_energy_grad"] = text_of(*recipe.langevin.clamp_energy_grad);
  }
  if (recipe.langevin.box) {
    const samplers::Box& box = *recipe.langevin.box;
    texts["box"] = "[ " + text_of(box.low) + ", " + text_of(box.high) + " ]";
  }
  // Files of models in float32 are those of versions that knew nothing else.
  if (recipe.precision != Precision::kFloat32) {
    texts[kPrecisionKey] = toml_text(base::name_of(kPrecisionKey, kPrecisions, recipe.precision));
  }
  if (recipe.sampler != samplers::SamplerKind::kLangevin) {
    texts[kSamplerKey] = toml_text(samplers::sampler_name(recipe.sampler));
  }
  if (recipe.sampler == samplers::SamplerKind::kGradientFlow) {
    texts["flow_time"] = text_of(recipe.flow_time);
  }
  if (samplers::has_levels(recipe.sampler)) {
    texts["level_max"] = text_of(recipe.levels.highest);
    texts["level_min"] = text_of(recipe.levels.lowest);
  }
  if (samplers::has_level_count(recipe.sampler)) texts["levels"] = std::to_string(recipe.n_levels);
  if (recipe.sampler == samplers::SamplerKind::kNesterov) {
    texts["momentum"] = text_of(recipe.momentum);
  }
  if (recipe.start_sd) texts["start_sd"] = text_of(*recipe.start_sd);
  if (recipe.guidance) texts["guidance"] = text_of(*recipe.guidance);
  if (recipe.guidance_start) texts["guidance_start"] = text_of(*recipe.guidance_start);
  if (recipe.guidance_end) texts["guidance_end"] = text_of(*recipe.guidance_end);
  std::string lines;
  for (const auto& [key, text] : texts) lines += key + " = " + text + "\n";
  return lines;
}

SamplerRecipe recipe_from_toml(const std::string& text, const std::string& origin) {
  const auto fail = [&](const std::string& problem) {
    throw Error(ErrorCode::kBadData, origin + ": its sampler " + problem);
  };
  const toml::table table = parse_toml(text, origin + " (sampler)");
  const auto as_float = [&](const toml::node* node, const char* name) {
    const auto value = node == nullptr ? std::nullopt : number_of(*node);
    if (!value) fail("has no " + std::string(name));
    if (!std::isfinite(*value)) {
      fail("has " + std::string(name) + " = " + base::number_text(*value) +
           ", which is no finite float");
    }
    float number = 0.0f;
    try {
      number = base::to_float(name, *value);
    } catch (const Error& error) {
      fail("is wrong: " + std::string(error.what()));
    }
    return number;
  };
  const auto number = [&](const char* key) { return as_float(table.get(key), key); };
  const auto positive = [&](const char* key) {
    const float value = number(key);
    if (!(value > 0.0f))
      fail("has " + std::string(key) + " = " + base::number_text(double{value}) +
           ", expected a positive number");
    return value;
  };
  SamplerRecipe recipe;
  recipe.n_steps = table["n_steps"].value_or(std::int64_t{0});
  recipe.langevin.step_size = number("step_size");
  recipe.langevin.noise_scale = number("noise_scale");
  if (table.contains("clamp_energy_grad")) {
    recipe.langevin.clamp_energy_grad = number("clamp_energy_grad");
  }
  if (const toml::node* node = table.get("box")) {
    const toml::array* box = node->as_array();
    if (box == nullptr || box->size() != 2) fail("has a box that is no pair of numbers");
    recipe.langevin.box = {as_float(box->get(0), "box[0]"), as_float(box->get(1), "box[1]")};
  }
  if (const toml::node* node = table.get(kPrecisionKey)) {
    try {
      recipe.precision =
          base::value_of<Precision>(kPrecisionKey, kPrecisions, node->value_or(std::string()));
    } catch (const Error& error) {
      fail("is wrong: " + std::string(error.what()));
    }
  }
  if (const toml::node* node = table.get(kSamplerKey)) {
    recipe.sampler = sampler_of(node->value_or(std::string()), fail);
  }
  if (recipe.sampler == samplers::SamplerKind::kGradientFlow) {
    recipe.flow_time = positive("flow_time");
  }
  if (samplers::has_levels(recipe.sampler)) {
    recipe.levels = {.highest = positive("level_max"), .lowest = positive("level_min")};
  }
  if (samplers::has_level_count(recipe.sampler)) {
    recipe.n_levels = table["levels"].value_or(std::int64_t{0});
  }
  if (recipe.sampler == samplers::SamplerKind::kNesterov) recipe.momentum = number("momentum");
  if (table.contains("start_sd")) recipe.start_sd = positive("start_sd");
  if (table.contains("guidance")) recipe.guidance = number("guidance");
  if (table.contains("guidance_start")) recipe.guidance_start = number("guidance_start");
  if (table.contains("guidance_end")) recipe.guidance_end = number("guidance_end");
  if (recipe.n_steps < 1) fail("has n_steps = " + std::to_string(recipe.n_steps));
  try {
    recipe.langevin.validate();
    if (samplers::has_levels(recipe.sampler) ||
        recipe.sampler == samplers::SamplerKind::kNesterov) {
      samplers::make_kernel(settings_of(recipe));
    }
  } catch (const Error& error) {
    fail("is wrong: " + std::string(error.what()));
  }
  return recipe;
}

samplers::SamplerSettings settings_of(const SamplerRecipe& recipe) {
  const samplers::LangevinOptions& langevin = recipe.langevin;
  return {.sampler = recipe.sampler,
          .step_size = langevin.step_size,
          .temperature = samplers::effective_temperature(langevin.step_size, langevin.noise_scale),
          .noise_scale = langevin.noise_scale,
          .clamp_energy_grad = langevin.clamp_energy_grad,
          .box = langevin.box,
          .momentum = recipe.momentum,
          .schedules = {.n_steps = recipe.n_steps},
          .levels = recipe.levels,
          .n_levels = recipe.n_levels,
          .flow_time = recipe.flow_time,
          .start_sd = recipe.start_sd};
}

}  // namespace ebm::nets
