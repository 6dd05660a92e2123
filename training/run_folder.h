#pragma once

#include <filesystem>

#include "base/posix_file.h"

namespace ebm::training {

/// A folder that holds one training run, locked by this process while the object lives, so that two
/// programs never write into one run:
///   config.toml  metrics.csv  samples/  checkpoints/NNNNNN/  model.safetensors
class RunFolder {
 public:
  /// Creates the folder if need be and locks it.
  /// @throws Error(kIo) if it cannot be made or written, or another process holds it.
  explicit RunFolder(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path config() const { return path_ / "config.toml"; }
  std::filesystem::path metrics() const { return path_ / "metrics.csv"; }
  std::filesystem::path samples() const { return path_ / "samples"; }
  std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }
  std::filesystem::path model() const { return path_ / "model.safetensors"; }

 private:
  /// Removes what a process that was killed while writing left. @throws Error(kIo)
  void sweep() const;

  std::filesystem::path path_;
  base::Descriptor lock_;
};

/// Whether there can be such a folder, found without making it: before data are read, which may
/// take minutes.
/// @throws Error(kIo) if there cannot
void require_possible_folder(const std::filesystem::path& folder);

}  // namespace ebm::training
