#include "training/run_settings.h"

#include <algorithm>
#include <system_error>
#include <variant>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/path_kind.h"
#include "data/spec.h"
#include "samplers/simd/simd_target.h"

namespace ebm::training {
namespace {

/// What a resumed run may change: nothing that its numbers depend on. Other data are refused by
/// their fingerprint, which a checkpoint holds.
bool may_change(const std::string& key) {
  return key == "data" || key == "iterations" || key == "minutes" || key == "threads" ||
         key == "keep_checkpoints";
}

/// Without links, so that the same data have the same name from every folder.
std::string absolute(const std::string& path) {
  std::error_code ignored;
  const auto real = std::filesystem::weakly_canonical(path, ignored);
  return (ignored ? std::filesystem::absolute(path).lexically_normal() : real).string();
}

/// A SPEC whose path does not depend on the present folder.
std::string absolute_spec(const std::string& text) {
  data::DataSpec spec = data::parse_spec(text);
  const bool is_path = spec.scheme == data::Scheme::kIdx || spec.scheme == data::Scheme::kCifar10 ||
                       spec.scheme == data::Scheme::kImages || spec.scheme == data::Scheme::kNpy;
  // What begins with ~ has been read as a folder's name by now.
  if (!is_path || text.compare(text.find(':'), 2, ":/") == 0) return text;
  spec.target = absolute(spec.target);
  return data::to_string(spec);
}

/// Makes the paths of files absolute, so that the run goes on from any folder. What is no file of
/// that name is the name of a shipped one.
void make_paths_absolute(ConfigTable& table) {
  for (const ConfigTable::Key& key : table.keys()) {
    const auto* text = std::get_if<std::string*>(&key.target);
    if (text == nullptr || (*text)->empty()) continue;
    std::string& value = **text;
    if (key.name == "data") {
      value = absolute_spec(value);
    } else if (key.name == "features" || key.name == "noise" || key.name == "base") {
      if (base::path_exists(value)) value = absolute(value);
    }
  }
}

void apply_sources(const SettingSources& sources, ConfigTable& table) {
  if (!sources.toml.empty()) table.read_toml(sources.toml, sources.origin);
  for (const std::string& assignment : sources.assignments) table.assign(assignment);
}

void read_resumed(const std::filesystem::path& config, const SettingSources& sources,
                  ConfigTable& table) {
  table.read_toml(base::read_text_file(config), config.string(), KeyOrigin::kRun);
  make_paths_absolute(table);  // those of older versions may not be
  std::vector<std::string> before;
  for (const auto& key : table.keys()) before.push_back(table.value_text(key));
  apply_sources(sources, table);
  make_paths_absolute(table);
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto& key = table.keys()[i];
    if (table.value_text(key) != before[i] && !may_change(key.name)) {
      throw Error(ErrorCode::kUsage, key.name + " = " + table.value_text(key) +
                                         ": the run to resume has " + before[i] +
                                         "; only data, iterations, minutes, threads and "
                                         "keep_checkpoints may change");
    }
  }
}

}  // namespace

void require_no_run(const std::filesystem::path& folder) {
  if (!base::path_exists(folder / "config.toml")) return;
  throw Error(ErrorCode::kUsage,
              "out = " + folder.string() + ": holds a run already; add --resume or choose another");
}

void read_run_settings(const std::filesystem::path& folder, bool resume,
                       const SettingSources& sources, ConfigTable& table) {
  const std::filesystem::path config = folder / "config.toml";
  if (resume && !base::path_exists(config)) {
    throw Error(ErrorCode::kNoInput, "no run to resume: there is no " + config.string());
  }
  if (!resume) require_no_run(folder);
  if (resume) {
    read_resumed(config, sources, table);
  } else {
    apply_sources(sources, table);
    make_paths_absolute(table);
  }
}

std::string versions_toml(const RunVersions& versions) {
  std::string text = "[versions]\n";
  const auto add = [&](const char* name, const std::string& value) {
    text += std::string(name) + " = \"" + value + "\"\n";
  };
  add("ebm", versions.program);
  if (!versions.libtorch.empty()) add("libtorch", versions.libtorch);
  add("compiler", __VERSION__);
  add("simd", samplers::simd_target());
  if (versions.bf16_unit) add("bf16_unit", *versions.bf16_unit);
  if (versions.reference) add("reference", *versions.reference);
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
