#include "models/share_file.h"

#include <system_error>

namespace ebm::models {
namespace fs = std::filesystem;

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

std::optional<fs::path> share_file(const fs::path& name, const fs::path& package) {
  std::error_code error;
  for (const fs::path& folder : share_folders(package)) {
    if (fs::exists(folder / name, error)) return (folder / name).lexically_normal();
  }
  return std::nullopt;
}

fs::path path_or_shipped(const std::string& name, const std::string& folder,
                         const std::string& suffix, const fs::path& package) {
  std::error_code error;
  if (name.empty() || name.find_first_of("/.") != std::string::npos || fs::exists(name, error)) {
    return name;
  }
  return share_file(fs::path(folder) / (name + suffix), package).value_or(name);
}

}  // namespace ebm::models
