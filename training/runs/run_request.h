#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "evaluation/open_features.h"
#include "models/share_file.h"
#include "nets/architecture/architecture.h"
#include "training/config_table.h"

namespace ebm::training {

/// A run of training as somebody asks for it: a train command, or a program.
struct RunRequest {
  std::string config;                 ///< file of keys, or the name of a recipe; may be empty
  std::vector<std::string> recipes;   ///< names that `config` may have, beside paths
  std::string out;                    ///< run folder
  bool resume = false;                ///< from the newest checkpoint in it
  std::vector<std::string> settings;  ///< key=value, over those of `config`
  std::vector<std::string> set;       ///< key=value that come after
  std::string program;                ///< version of the program that trains
  std::string libtorch;               ///< its version, of a run that it takes part in
  evaluation::OpenScript open_script = nullptr;     ///< of TorchScript; null without LibTorch
  std::filesystem::path share = models::kShareDir;  ///< of recipes and features
  /// Reads data. @param is_own  whether the run to resume names them, and no setting does
  std::function<data::Dataset(const std::string& spec, bool is_own)> read_data;

  /// The text of a file in the run folder that a resumed run reads; nothing for a new run.
  std::optional<std::string> resumed_file(const std::string& name) const;
};

/// Reads `config` and the settings into a table: see read_run_settings().
/// @throws Error(kIo) if there can be no such run folder; what read_run_settings() throws
void read_settings(const RunRequest& request, ConfigTable& table);

/// @throws Error(kUsage) if there is no SPEC; what request.read_data throws
data::Dataset load_training_data(const RunRequest& request, const std::string& spec);

/// A network of a run: that of the run folder if the run goes on, else one of the settings.
/// @param file    in the run folder
/// @param name    FILE.toml, or a name for `preset`
/// @param preset  makes what is no FILE.toml
nets::Architecture network_of_run(const RunRequest& request, const std::string& file,
                                  const std::string& name, const nets::Shape& input,
                                  const std::function<nets::Architecture()>& preset,
                                  nets::Outputs outputs = nets::Outputs::kEnergy);

}  // namespace ebm::training
