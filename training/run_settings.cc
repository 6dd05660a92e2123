#include "training/run_settings.h"

#include <torch/version.h>

#include <algorithm>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/path_kind.h"
#include "samplers/simd/simd_target.h"

namespace ebm::training {
namespace {

/// What a resumed run may change: nothing that its numbers depend on.
bool may_change(const std::string& key) {
  return key == "iterations" || key == "minutes" || key == "threads" || key == "keep_checkpoints";
}

void apply_sources(const SettingSources& sources, ConfigTable& table) {
  if (!sources.toml.empty()) table.read_toml(sources.toml, sources.origin);
  for (const std::string& assignment : sources.assignments) table.assign(assignment);
}

void read_resumed(const std::filesystem::path& config, const SettingSources& sources,
                  ConfigTable& table) {
  table.read_toml(base::read_text_file(config), config.string());
  std::vector<std::string> before;
  for (const auto& key : table.keys()) before.push_back(table.value_text(key));
  apply_sources(sources, table);
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto& key = table.keys()[i];
    if (table.value_text(key) != before[i] && !may_change(key.name)) {
      throw Error(ErrorCode::kUsage, key.name + " = " + table.value_text(key) +
                                         ": the run to resume has " + before[i] +
                                         "; only iterations, minutes, threads and "
                                         "keep_checkpoints may change");
    }
  }
}

}  // namespace

void read_run_settings(const std::filesystem::path& folder, bool resume,
                       const SettingSources& sources, ConfigTable& table) {
  const std::filesystem::path config = folder / "config.toml";
  const bool exists = base::path_exists(config);
  if (resume && !exists) {
    throw Error(ErrorCode::kNoInput, "no run to resume: there is no " + config.string());
  }
  if (!resume && exists) {
    throw Error(ErrorCode::kUsage, "out = " + folder.string() +
                                       ": holds a run already; add --resume or choose another");
  }
  if (resume) {
    read_resumed(config, sources, table);
  } else {
    apply_sources(sources, table);
  }
}

std::string versions_toml(const std::string& program, const std::optional<std::string>& reference) {
  std::string text = "[versions]\nebm = \"" + program + "\"\nlibtorch = \"" + TORCH_VERSION +
                     "\"\ncompiler = \"" + __VERSION__ + "\"\nsimd = \"" + samplers::simd_target() +
                     "\"\n";
  if (reference) text += "reference = \"" + *reference + "\"\n";
  return text;
}

std::optional<std::string> warning_of_versions(const std::string& config, const std::string& now) {
  const auto at = config.find("[versions]");
  std::string before = at == std::string::npos ? "" : config.substr(at);
  if (before == now) return std::nullopt;
  std::string after = now;
  std::replace(before.begin(), before.end(), '\n', ' ');
  std::replace(after.begin(), after.end(), '\n', ' ');
  return "the run began with " + before + "and goes on with " + after +
         "so that its bits may differ";
}

}  // namespace ebm::training
