#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// ebm train [CONFIG.toml] --data SPEC --out DIR: trains a model into a run folder.
void add_train_command(CLI::App& app, int& exit_code);

}  // namespace ebm::app
