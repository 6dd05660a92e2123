#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// ebm features train --data SPEC --out FILE.safetensors: trains a small classifier whose
/// penultimate activations serve as features of images.
void add_features_command(CLI::App& app);

}  // namespace ebm::app
