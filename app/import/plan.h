#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nets/architecture/architecture.h"
#include "nets/files/import_recipe.h"
#include "nets/files/import_weights.h"

namespace ebm::app {

/// The options of `ebm import`.
struct ImportCommand {
  std::string weights, net, data, out;
  std::vector<std::int64_t> input;    ///< channels, height, width; may be empty
  std::vector<std::string> renames;   ///< FROM=TO
  nets::Normalization normalization;  ///< of what the network was trained on
  nets::RecipeSettings recipe;
  bool negate = false, json = false;
};

/// The network that --net names, for an input of --input, of the data, or of its file.
/// @throws Error(kUsage) if the input is nowhere said; what reading data and networks throws
nets::Architecture network_of(const ImportCommand& command);

/// The names of the data's classes, if it has as many as the network; else none.
std::vector<std::string> class_names_of(const ImportCommand& command,
                                        const nets::Architecture& network);

/// @throws Error(kUsage) naming the option
nets::ImportOptions import_options_of(const ImportCommand& command, const nets::Shape& input);

}  // namespace ebm::app
