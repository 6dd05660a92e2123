#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "ebm/runs/energy_run.h"

namespace ebm::app {

/// ebm train [CONFIG.toml] --data SPEC --out DIR: trains a model into a run folder.
/// @param torch      null in the program without LibTorch
/// @param hand_over  called there for a run that needs it, with the setting that does
void add_train_command(CLI::App& app, int& exit_code, const TorchParts* torch,
                       const std::function<void(const std::string& setting)>& hand_over);

}  // namespace ebm::app
