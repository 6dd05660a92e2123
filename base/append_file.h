#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/posix_file.h"

namespace ebm::base {

/// A file that grows by whole pieces. Each piece is in the file when append() returns, so that a
/// program that is stopped loses none.
class AppendFile {
 public:
  /// Begins with `text`; a file that is already there is replaced by it atomically.
  /// @throws Error(kIo) naming the path and the system's reason; what was at `path` is untouched.
  AppendFile(std::filesystem::path path, std::string_view text);

  /// @throws Error(kIo) naming the path; no part of the piece is then left in the file, as far as
  ///         the system allows.
  void append(std::string_view piece);

  /// Makes what was appended durable: it survives a power cut.
  /// @throws Error(kIo) naming the path, also for an error of earlier pieces that the system told
  ///         only now.
  void sync();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  Descriptor file_;
  std::int64_t size_;  // of the whole pieces, in bytes
};

}  // namespace ebm::base
