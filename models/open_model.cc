#include "models/open_model.h"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/number_text.h"
#include "base/quote.h"
#include "base/system/home_folder.h"
#include "nets/architecture/layer_tree.h"
#include "nets/compiled/compiled_net.h"
#include "nets/files/architecture_toml.h"
#include "nets/files/model_part.h"
#include "nets/files/read_layer_weights.h"
#include "samplers/energies/noise_level_energy.h"
#include "samplers/energies/sum_energy.h"

namespace ebm::models {
namespace {

/// Of the compiled network, unless something else evaluates it.
std::optional<nets::Precision> precision_of(const nets::Model& model, const OpenOptions& options) {
  if (options.make_energy) return std::nullopt;
  return options.precision.value_or(model.recipe.precision);
}

/// Sets energy and precision, and the energy in float32 of one in bfloat16.
/// @param base  what the network tilts, or none
void set_energy(const nets::Model& model, const OpenOptions& options,
                const std::optional<samplers::SumEnergy::Term>& base, EnergyModel& opened) {
  const auto data_sd = static_cast<float>(model.data_sd);
  const auto completed =
      [base, data_sd, one_log_z = model.one_log_z](std::shared_ptr<const samplers::Energy> energy)
      -> std::shared_ptr<const samplers::Energy> {
    if (data_sd > 0.0f) {
      energy = std::make_shared<samplers::NoiseLevelEnergy>(std::move(energy), data_sd, one_log_z);
    }
    if (!base) return energy;
    return std::make_shared<samplers::SumEnergy>(
        std::vector<samplers::SumEnergy::Term>{{std::move(energy), 1.0f}, *base});
  };
  opened.precision = precision_of(model, options);
  if (options.make_energy) {
    opened.energy = completed(options.make_energy(model));
    return;
  }
  const auto weights = nets::read_layer_weights(model.architecture, model.weights, model.origin);
  opened.energy = completed(
      std::make_shared<nets::CompiledNet>(model.architecture, weights, *opened.precision));
  if (opened.precision == nets::Precision::kBfloat16) {
    opened.in_float32 = [completed, weights, architecture = model.architecture] {
      return completed(std::make_shared<nets::CompiledNet>(architecture, weights));
    };
  }
}

/// Whether a layer has numbers of its own for each label, and so for none.
bool has_label_tables(const std::vector<nets::Layer>& layers) {
  return nets::has_kind<nets::Film, nets::Projection>(layers);
}

bool knows_none(const nets::Model& model) {
  return model.label_dropout != 0.0 || !has_label_tables(model.architecture.layers);
}

EnergyModel open_flow(const nets::ModelFile& file, const OpenOptions& options) {
  if (options.open_flow) return options.open_flow(file);
  throw Error(ErrorCode::kUsage, file.origin + " holds a flow: opening it needs LibTorch");
}

/// The critic of a GAN, lower where data are than where samples are, as an energy at T = 1.
EnergyModel open_critic(nets::ModelFile file, const OpenOptions& options) {
  nets::Model model;
  model.origin = file.origin;
  model.architecture =
      nets::architecture_from_toml(file.tensors.metadata.at("critic"), file.origin + " (critic)");
  model.weights = nets::take_part("critic", file.tensors).value_or(nets::SafetensorsFile{});
  const auto data = file.tensors.metadata.find("data");
  const nets::Shape& input = model.architecture.input;
  const bool is_image = input.height > 1 || input.width > 1;
  samplers::SamplerSettings settings;
  if (is_image) settings.box = samplers::Box{-1.0f, 1.0f};
  EnergyModel opened{.energy = nullptr,
                     .settings = std::move(settings),
                     .n_steps = 1000,
                     .shape = {input.channels, input.height, input.width},
                     .is_image = is_image,
                     .data = data == file.tensors.metadata.end() ? "" : data->second,
                     .checkpoint = {},
                     .origin = file.origin};
  set_energy(model, options, std::nullopt, opened);
  return opened;
}

/// Sets level_walk by the settings of the recipe, and the settings of Langevin steps at the lowest
/// level, which are as long beside σ².
void add_level_walk(EnergyModel& model) {
  model.level_walk = {model.energy, model.settings, model.in_float32};
  const float sigma = model.settings.levels.lowest;
  model.settings.sampler = samplers::SamplerKind::kLangevin;
  model.settings.step_size =
      samplers::default_step_size(samplers::SamplerKind::kAnnealedLangevin) * sigma * sigma;
  model.settings.temperature = 1.0f;
  model.settings.noise_scale.reset();
  model.settings.start_sd.reset();
}

std::optional<samplers::Guidance> guidance_of(const nets::SamplerRecipe& recipe) {
  if (!recipe.guidance) return std::nullopt;
  samplers::Guidance guidance{.weight = base::plain_double(*recipe.guidance)};
  if (recipe.guidance_start) guidance.start = base::plain_double(*recipe.guidance_start);
  if (recipe.guidance_end) guidance.end = base::plain_double(*recipe.guidance_end);
  return guidance;
}

/// A network of `ebm train`, which may tilt the density of a flow.
EnergyModel open_network(nets::ModelFile file, const OpenOptions& options) {
  nets::Model model = nets::model_of(std::move(file));
  const nets::Shape& input = model.architecture.input;
  samplers::SamplerSettings settings = nets::settings_of(model.recipe);
  std::optional<samplers::SumEnergy::Term> base;
  if (model.base) {
    base = {open_flow({*model.base, model.origin + " (base)", {}}, options).energy,
            settings.temperature};
  }
  EnergyModel opened{.energy = nullptr,
                     .settings = std::move(settings),
                     .n_steps = model.recipe.n_steps,
                     .shape = {input.channels, input.height, input.width},
                     .is_image = model.recipe.langevin.box.has_value(),
                     .data = model.data,
                     .checkpoint = std::move(model.checkpoint),
                     .origin = model.origin,
                     .classes = model.architecture.classes,
                     .class_names = model.class_names,
                     .knows_none = knows_none(model),
                     .guidance = guidance_of(model.recipe),
                     .noise_level = model.architecture.noise_level,
                     .one_log_z = model.one_log_z,
                     .classify_weight = model.classify_weight};
  set_energy(model, options, base, opened);
  if (samplers::has_levels(opened.settings.sampler)) add_level_walk(opened);
  return opened;
}

}  // namespace

const LevelWalk* own_levels(const EnergyModel& model) {
  const bool has_own = model.level_walk && model.level_walk->energy->context_dim() == 1;
  return has_own ? &*model.level_walk : nullptr;
}

samplers::Parameters parameters_of(const EnergyModel& model) {
  if (!model.is_image) return samplers::parameters_of(*model.energy);
  const data::ItemShape& shape = model.shape;
  return {.variables = {{.name = "x", .shape = {shape.channels, shape.height, shape.width}}}};
}

nets::ModelFile read_named_model(const std::string& name, const nets::Warn& warn,
                                 const std::filesystem::path& package) {
  const nets::Warn to_stderr = [](const std::string& line) {
    std::fprintf(stderr, "ebm: %s\n", base::one_line(line).c_str());
  };
  return nets::read_model_file(
      path_or_shipped(base::expand_home(name), "models", ".safetensors", std::nullopt, package),
      warn ? warn : to_stderr);
}

bool is_flow(const nets::ModelFile& file) { return file.tensors.metadata.contains("flow"); }

EnergyModel open_model(nets::ModelFile file, const OpenOptions& options) {
  if (is_flow(file)) return open_flow(file, options);
  if (file.tensors.metadata.contains("critic")) return open_critic(std::move(file), options);
  return open_network(std::move(file), options);
}

}  // namespace ebm::models
