#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "base/atomic_file.h"

namespace ebm::data {

/// A float32 .npy file that is written in pieces, because the whole would not fit in memory. It
/// appears when finish() is called, whole; destroyed before, it leaves nothing behind.
class NpyWriter {
 public:
  /// @throws Error(kIo) if the disk has no space for the whole, or the file cannot be written.
  NpyWriter(const std::filesystem::path& path, std::span<const std::int64_t> shape);
  /// The next values in C order. @throws Error(kIo), Error(kShape) if they are more than the rest.
  void append(std::span<const float> values);
  /// @throws Error(kShape) if values are missing, Error(kIo).
  void finish();

 private:
  base::AtomicFile file_;
  std::uint64_t missing_;  ///< values still to come
};

}  // namespace ebm::data
