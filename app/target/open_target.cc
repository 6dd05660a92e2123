#include "app/target/open_target.h"

#include <cstdio>
#include <utility>
#include <vector>

#include "app/share_file.h"
#include "app/target/toy_energy.h"
#include "base/error.h"
#include "nets/compiled/compiled_net.h"
#include "nets/files/architecture_toml.h"
#include "nets/files/model_part.h"
#include "samplers/energies/sum_energy.h"

namespace ebm::app {
namespace {

samplers::SamplerSettings settings_of(const samplers::LangevinOptions& recipe) {
  return {.sampler = "langevin",
          .inner = {},
          .step_size = recipe.step_size,
          .temperature = samplers::effective_temperature(recipe.step_size, recipe.noise_scale),
          .noise_scale = recipe.noise_scale,
          .clamp_energy_grad = recipe.clamp_energy_grad,
          .box = recipe.box};
}

std::shared_ptr<const samplers::Energy> open_compiled_model(const nets::Model& model) {
  return std::make_shared<nets::CompiledNet>(
      model.architecture, nets::layer_weights(model.architecture, model.weights, model.origin));
}

/// How `backend` opens a model.
OpenModel open_model_of(const std::string& backend, const Backends& backends) {
  if (backend.empty() || backend == "compiled") return open_compiled_model;
  if (backend != "torch") {
    throw Error(ErrorCode::kUsage, "backend = " + backend + ": must be compiled or torch");
  }
  if (!backends.torch) backends.hand_over();
  return backends.torch;
}

/// The critic of a game, lower where data are than where samples are, as an energy at T = 1.
Target open_critic(nets::ModelFile file, const OpenModel& open_model) {
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
  return {.energy = open_model(model),
          .settings = std::move(settings),
          .n_steps = 1000,
          .shape = {input.channels, input.height, input.width},
          .is_image = is_image,
          .data = data == file.tensors.metadata.end() ? "" : data->second,
          .checkpoint = {},
          .origin = file.origin};
}

}  // namespace

nets::ModelFile read_named_model(const std::string& word) {
  return nets::read_model_file(
      path_or_shipped(word, "models", ".safetensors"),
      [](const std::string& line) { std::fprintf(stderr, "ebm: %s\n", line.c_str()); });
}

Target open_target(const std::string& model_path, const std::string& words,
                   const std::string& backend, const Backends& backends) {
  if (model_path.empty() == words.empty()) {
    throw Error(ErrorCode::kUsage, "give either MODEL or --energy toy:NAME");
  }
  if (!words.empty()) {
    if (!backend.empty()) {
      throw Error(ErrorCode::kUsage, "backend = " + backend + ": is of a MODEL, a toy has none");
    }
    auto energy = toy_energy(words);
    const std::int64_t dim = energy->dim();
    return {.energy = std::move(energy),
            .settings = {},
            .n_steps = 1000,
            .shape = {dim, 1, 1},
            .is_image = false,
            .data = {},
            .checkpoint = {}};
  }
  const OpenModel open_model = open_model_of(backend, backends);
  nets::ModelFile file = read_named_model(model_path);
  if (file.tensors.metadata.contains("flow")) {
    if (backend == "compiled") {
      throw Error(ErrorCode::kUsage, "backend = compiled: flows are computed by torch");
    }
    if (!backends.flow) backends.hand_over();
    return backends.flow(file);
  }
  if (file.tensors.metadata.contains("critic")) return open_critic(std::move(file), open_model);
  nets::Model model = nets::model_of(std::move(file));
  const nets::Shape& input = model.architecture.input;
  samplers::SamplerSettings settings = settings_of(model.recipe.langevin);
  std::shared_ptr<const samplers::Energy> energy = open_model(model);
  if (model.base) {
    if (!backends.flow) backends.hand_over();
    const Target base = backends.flow({*model.base, model.origin + " (base)", {}});
    energy = std::make_shared<samplers::SumEnergy>(std::vector<samplers::SumEnergy::Term>{
        {std::move(energy), 1.0f}, {base.energy, settings.temperature}});
  }
  return {.energy = std::move(energy),
          .settings = std::move(settings),
          .n_steps = model.recipe.n_steps,
          .shape = {input.channels, input.height, input.width},
          .is_image = model.recipe.langevin.box.has_value(),
          .data = model.data,
          .checkpoint = std::move(model.checkpoint),
          .origin = model.origin};
}

}  // namespace ebm::app
