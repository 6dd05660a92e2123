#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "training/config_table.h"
#include "training/sample_quality.h"

namespace ebm::app {

/// The arguments that all train commands share.
struct TrainArgs {
  std::string command;  ///< "ebm gan train"
  std::string config;
  std::vector<std::string> recipes;  ///< names that `config` may have, beside paths
  std::string out;
  bool resume = false;
  bool json = false;
  std::vector<std::string> flags;  ///< key=value of the options that are keys
  std::vector<std::string> set;    ///< key=value of --set, which come after
  std::string libtorch;            ///< its version, of a run that it takes part in
  evaluation::OpenScript open_script =
      nullptr;  ///< of TorchScript; null in the program without LibTorch

  /// The text of a file in the run folder that a resumed run reads; nothing for a new run.
  std::optional<std::string> resumed_file(const std::string& name) const;
};

/// Adds CONFIG, --out, --set, --resume, --json and an option for each key of `flags`, and lists all
/// keys at the end of the help.
/// @param table    with the defaults
/// @param recipes  names that CONFIG may have
void add_train_args(CLI::App& sub, const training::ConfigTable& table,
                    std::span<const std::string_view> flags,
                    const std::vector<std::string>& recipes, TrainArgs& args);

/// Reads CONFIG, the options and --set into a table: see training::read_run_settings.
void read_settings(const TrainArgs& args, training::ConfigTable& table);

}  // namespace ebm::app
