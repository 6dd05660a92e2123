#pragma once

#include <CLI/CLI.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "training/config_table.h"
#include "training/runs/run_request.h"

namespace ebm::app {

/// The arguments that all train commands share.
struct TrainArgs : training::RunRequest {
  std::string command;  ///< "ebm gan train"
  bool json = false;
};

/// Adds CONFIG, --out, --set, --resume, --json and an option for each key of `flags`, and lists all
/// keys at the end of the help.
/// @param table    with the defaults
/// @param recipes  names that CONFIG may have
void add_train_args(CLI::App& sub, const training::ConfigTable& table,
                    std::span<const std::string_view> flags,
                    const std::vector<std::string>& recipes, TrainArgs& args);

}  // namespace ebm::app
