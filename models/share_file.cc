#include "models/share_file.h"

#include <algorithm>
#include <system_error>

#include "base/error.h"
#include "base/names/nearest_name.h"

namespace ebm::models {
namespace fs = std::filesystem;
namespace {

/// "a or b"
std::string places_text(const std::string& folder, const fs::path& package) {
  std::string text;
  for (const fs::path& place : share_folders(package)) {
    text += (text.empty() ? "" : " or ") + (place / folder).lexically_normal().string();
  }
  return text;
}

}  // namespace

std::vector<fs::path> share_folders(const fs::path& package) {
  std::vector<fs::path> folders;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (!error) {
    folders.push_back((program.parent_path() / EBM_SHARE_FROM_BIN).lexically_normal());
  }
  if (!package.empty()) folders.push_back(package);
  return folders;
}

std::vector<std::string> shared_names(const std::string& folder, const std::string& suffix,
                                      const fs::path& package) {
  std::vector<std::string> names;
  std::error_code error;
  for (const fs::path& place : share_folders(package)) {
    for (const auto& entry : fs::directory_iterator(place / folder, error)) {
      if (entry.path().extension() == suffix) names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::optional<fs::path> share_file(const fs::path& name, const fs::path& package) {
  std::error_code error;
  for (const fs::path& folder : share_folders(package)) {
    if (fs::exists(folder / name, error)) return (folder / name).lexically_normal();
  }
  return std::nullopt;
}

fs::path path_or_shipped(const std::string& name, const std::string& folder,
                         const std::string& suffix,
                         const std::optional<std::vector<std::string>>& among,
                         const fs::path& package) {
  std::error_code error;
  if (name.empty() || name.find_first_of("/.") != std::string::npos || fs::exists(name, error)) {
    return name;
  }
  const std::vector<std::string> shared = shared_names(folder, suffix, package);
  std::vector<std::string> known;
  for (const std::string& each : among.value_or(shared)) {
    if (std::ranges::find(shared, each) != shared.end()) known.push_back(each);
  }
  if (std::ranges::find(known, name) != known.end()) {
    return *share_file(fs::path(folder) / (name + suffix), package);
  }
  const std::string what = folder.substr(0, folder.size() - 1) + ": " + name;
  if (among && std::ranges::find(*among, name) != among->end()) {
    throw Error(ErrorCode::kNoInput, "no such " + what + ": it comes with ebm, but is not in " +
                                         places_text(folder, package) +
                                         "; install ebm again, or give a path");
  }
  const std::string nearest = base::nearest_name(name, known);
  std::string list;
  for (const std::string& each : known) list += (list.empty() ? "" : ", ") + each;
  throw Error(ErrorCode::kNoInput,
              "no such " + what + (nearest.empty() ? "" : "; did you mean " + nearest + "?") +
                  "; expected a path" +
                  (list.empty() ? "" : ", or one that comes with ebm: " + list));
}

}  // namespace ebm::models
