#include "app/import/plan.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/read_data.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/number_text.h"
#include "base/quote.h"
#include "base/require.h"
#include "nets/architecture/presets.h"
#include "nets/files/architecture_toml.h"
#include "samplers/kernels/langevin.h"

namespace ebm::app {
namespace {

bool is_image(const nets::Shape& input) { return input.height > 1 || input.width > 1; }

/// What --input or the data say.
std::optional<nets::Shape> given_input(const ImportCommand& command) {
  std::optional<nets::Shape> input;
  if (!command.input.empty()) {
    for (const std::int64_t size : command.input) base::require_at_least("input", size, 1);
    input = nets::Shape{command.input[0], command.input[1], command.input[2]};
  }
  if (command.data.empty()) return input;
  const data::ItemShape shape = read_data(command.data).shape;
  const nets::Shape of_data{shape.channels, shape.height, shape.width};
  if (input && *input != of_data) {
    throw Error(ErrorCode::kUsage, "input = " + to_string(*input) + ": the items of " +
                                       command.data + " are " + to_string(of_data));
  }
  return of_data;
}

/// One value, or one for each channel.
void require_per_channel(const char* option, const std::vector<double>& values,
                         const nets::Shape& input) {
  const auto n = static_cast<std::int64_t>(values.size());
  if (n <= 1 || n == input.channels) return;
  throw Error(ErrorCode::kUsage, std::string(option) + ": has " + std::to_string(n) +
                                     " values, must have 1, or " + std::to_string(input.channels) +
                                     " for the channels of " + to_string(input));
}

/// u = (low + (high − low)·(x + 1)/2 − mean)/sd, for x in [−1, 1].
nets::InputScale scale_of(const ImportCommand& command, const nets::Shape& input) {
  if (command.range.empty() && command.mean.empty() && command.sd.empty()) return {};
  if (!is_image(input)) {
    throw Error(ErrorCode::kUsage, "range, mean and std are for images; points of " +
                                       to_string(input) + " are taken as they are");
  }
  require_per_channel("mean", command.mean, input);
  require_per_channel("std", command.sd, input);
  const double low = command.range.empty() ? -1.0 : command.range[0];
  const double high = command.range.empty() ? 1.0 : command.range[1];
  base::require_finite("range", low);
  base::require_finite("range", high);
  if (!(low < high)) throw Error(ErrorCode::kUsage, "range: LOW must be below HIGH");
  nets::InputScale input_scale{.scale = {}, .shift = {}};
  const auto at = [](const std::vector<double>& values, std::size_t i, double otherwise) {
    return values.empty() ? otherwise : values[std::min(i, values.size() - 1)];
  };
  for (std::size_t i = 0; i < std::max({command.mean.size(), command.sd.size(), std::size_t{1}});
       ++i) {
    const double mean = at(command.mean, i, 0.0), sd = at(command.sd, i, 1.0);
    base::require_finite("mean", mean);
    base::require_positive("std", sd);
    const double scale = (high - low) / 2.0 / sd, shift = ((low + high) / 2.0 - mean) / sd;
    base::to_float("scale of range and std", scale);  // throws if it has no such size
    base::to_float("shift of range, mean and std", shift);
    input_scale.scale.push_back(scale);
    input_scale.shift.push_back(shift);
  }
  return input_scale;
}

}  // namespace

nets::Architecture network_of(const ImportCommand& command) {
  const std::optional<nets::Shape> input = given_input(command);
  if (command.net.ends_with(".toml")) {
    return nets::architecture_from_toml(base::read_file(command.net), command.net, input);
  }
  if (!input) {
    nets::preset(command.net, {1, 64, 64});  // throws for a name that there is not
    throw Error(ErrorCode::kUsage, "input: the preset " + command.net +
                                       " fits items of any size; give --input CHANNELS,HEIGHT,"
                                       "WIDTH, or --data SPEC");
  }
  return nets::preset(command.net, *input);
}

std::vector<std::string> class_names_of(const ImportCommand& command,
                                        const nets::Architecture& network) {
  if (network.classes == 0 || command.data.empty()) return {};
  std::vector<std::string> names = read_data(command.data).class_names;
  return std::ssize(names) == network.classes ? std::move(names) : std::vector<std::string>();
}

std::vector<float> neutral_context(const nets::Architecture& network) {
  std::vector<float> context;
  if (network.classes > 0) context.push_back(static_cast<float>(network.classes));
  if (network.noise_level) context.push_back(1.0f);
  return context;
}

nets::SamplerRecipe recipe_of(const ImportCommand& command, const nets::Shape& input) {
  nets::SamplerRecipe recipe;
  if (is_image(input)) {
    recipe.langevin = {.step_size = 10.0f,
                       .noise_scale = 0.005f,
                       .clamp_energy_grad = 0.03f,
                       .box = samplers::Box{-1.0f, 1.0f}};
  } else {
    recipe.langevin = {.step_size = 0.0078125f, .noise_scale = 0.125f};
  }
  if (command.steps) {
    base::require_between("steps", static_cast<double>(*command.steps), 1, 1e9);
    recipe.n_steps = *command.steps;
  }
  if (command.step_size) {
    base::require_positive("step-size", *command.step_size);
    recipe.langevin.step_size = base::to_float("step-size", *command.step_size);
  }
  if (command.noise_scale) {
    base::require_non_negative("noise-scale", *command.noise_scale);
    recipe.langevin.noise_scale = base::to_float("noise-scale", *command.noise_scale);
  }
  if (command.temperature) {
    const auto fail = [&](const std::string& what) {
      throw Error(ErrorCode::kUsage,
                  "temperature = " + base::number_text(*command.temperature) + what);
    };
    if (!(*command.temperature > 0.0 && std::isfinite(*command.temperature))) {
      fail(": must be a positive number; without noise it is --noise-scale 0");
    }
    recipe.langevin.noise_scale = samplers::noise_scale_of(
        recipe.langevin.step_size, base::to_float("temperature", *command.temperature));
    if (recipe.langevin.noise_scale == 0.0f) {
      fail(": with step_size " + base::number_text(recipe.langevin.step_size) +
           " the noise is 0 in float32");
    }
  }
  if (command.clamp_energy_grad) {
    base::require_non_negative("clamp-energy-grad", *command.clamp_energy_grad);
    recipe.langevin.clamp_energy_grad.reset();
    if (*command.clamp_energy_grad > 0.0) {
      recipe.langevin.clamp_energy_grad =
          base::to_float("clamp-energy-grad", *command.clamp_energy_grad);
    }
  }
  recipe.langevin.validate();
  return recipe;
}

nets::ImportOptions import_options_of(const ImportCommand& command, const nets::Shape& input) {
  nets::ImportOptions options{
      .renames = {}, .input = scale_of(command, input), .negate = command.negate};
  for (const std::string& rename : command.renames) {
    const std::size_t equals = rename.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == rename.size()) {
      throw Error(ErrorCode::kUsage,
                  "rename = " + base::quote(rename) + ": must be FROM=TO, as conv1=0");
    }
    options.renames.emplace_back(rename.substr(0, equals), rename.substr(equals + 1));
  }
  return options;
}

}  // namespace ebm::app
