#include "app/share_file.h"

#include <system_error>

namespace ebm::app {
namespace fs = std::filesystem;

ShareFolders share_folders() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  return {self.parent_path().parent_path() / "share" / "ebm", EBM_SHARE_DIR};
}

std::optional<fs::path> share_file(const fs::path& name) {
  const ShareFolders folders = share_folders();
  std::error_code error;
  for (const fs::path& folder : {folders.installed, folders.in_source}) {
    if (fs::exists(folder / name, error)) return (folder / name).lexically_normal();
  }
  return std::nullopt;
}

fs::path path_or_shipped(const std::string& word, const std::string& folder,
                         const std::string& suffix) {
  std::error_code error;
  if (word.empty() || word.find_first_of("/.") != std::string::npos || fs::exists(word, error)) {
    return word;
  }
  return share_file(fs::path(folder) / (word + suffix)).value_or(word);
}

}  // namespace ebm::app
