#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "nets/architecture/architecture.h"
#include "nets/files/import_weights.h"
#include "nets/files/model.h"

namespace ebm::app {

/// The options of `ebm import`.
struct ImportCommand {
  std::string weights, net, data, out;
  std::vector<std::int64_t> input;      ///< channels, height, width; may be empty
  std::vector<std::string> renames;     ///< FROM=TO
  std::vector<double> range, mean, sd;  ///< of what the network was trained on
  std::optional<std::int64_t> steps;
  std::optional<double> step_size, noise_scale, temperature, clamp_energy_grad;
  bool negate = false, json = false;
};

/// The network that --net names, for an input of --input, of the data, or of its file.
/// @throws Error(kUsage) if the input is nowhere said; what reading data and networks throws
nets::Architecture network_of(const ImportCommand& command);

/// How images and points are sampled unless options say otherwise: as `ebm train` does.
/// @throws Error(kUsage) naming the option
nets::SamplerRecipe recipe_of(const ImportCommand& command, const nets::Shape& input);

/// The names of the data's classes, if it has as many as the network; else none.
std::vector<std::string> class_names_of(const ImportCommand& command,
                                        const nets::Architecture& network);

/// The context of a chain with the label none and the noise level 1, as far as the network has
/// these: [context_dim].
std::vector<float> neutral_context(const nets::Architecture& network);

/// @throws Error(kUsage) naming the option
nets::ImportOptions import_options_of(const ImportCommand& command, const nets::Shape& input);

}  // namespace ebm::app
