#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// ebm import WEIGHTS --net NET --out MODEL: makes a model of weights that PyTorch has saved.
void add_import_command(CLI::App& app);

}  // namespace ebm::app
