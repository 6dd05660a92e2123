#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace ebm::base {

/// A file that grows by whole pieces. Each piece is in the file when append() returns, so that a
/// program that is stopped loses none.
class AppendFile {
 public:
  /// Begins with `text`; a file that is already there is replaced by it atomically.
  /// @throws Error(kIo) naming the path and the system's reason; what was at `path` is untouched.
  AppendFile(std::filesystem::path path, std::string_view text);
  ~AppendFile();
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;

  /// @throws Error(kIo) naming the path; no part of the piece is then left in the file, as far as
  ///         the system allows.
  void append(std::string_view piece);

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int fd_ = -1;
  std::int64_t size_;  // of the whole pieces, in bytes
};

}  // namespace ebm::base
