#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "training/config_table.h"

namespace ebm::training {

/// Where the settings of a run come from, each over those before.
struct SettingSources {
  std::string toml;                      ///< text of a configuration; may be empty
  std::string origin;                    ///< of that text, for messages
  std::vector<std::string> assignments;  ///< key=value
};

/// Reads the settings of a run into a table. A resumed run has those of its own config.toml, of
/// which the sources may change only the length of the run, its threads, its checkpoints, and where
/// its data are. Paths become absolute.
/// @param folder  of the run
/// @throws Error(kNoInput) if there is no run to resume, Error(kUsage) if there is one already or
///         a resumed run would change what its numbers depend on; what reading keys throws.
void read_run_settings(const std::filesystem::path& folder, bool resume,
                       const SettingSources& sources, ConfigTable& table);

/// @throws Error(kUsage) if the folder holds a run.
void require_no_run(const std::filesystem::path& folder);

/// The table [versions] of config.toml: what else the bits of a run depend on.
struct RunVersions {
  std::string program;
  std::string libtorch;                       ///< empty for a run without LibTorch
  std::optional<std::string> bf16_unit = {};  ///< what multiplies in bfloat16, if something does
  std::optional<std::string> reference;       ///< fingerprint of what samples are evaluated with
};
std::string versions_toml(const RunVersions& versions);

/// A warning if a run that began with `config` goes on with other versions.
/// @param now  versions_toml() of this process
std::optional<std::string> warning_of_versions(const std::string& config, const std::string& now);

}  // namespace ebm::training
