#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace ebm::fuzz {

/// A folder of this process for readers that take the name of a file, in memory where the system
/// has such a file system. It is removed when the process ends.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Writes or replaces a file, and returns its path.
  std::filesystem::path write(const std::string& name, std::string_view bytes) const;

 private:
  std::filesystem::path path_;
};

}  // namespace ebm::fuzz
