#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace ebm::data {

/// Whether `path` is a folder.
/// @throws Error(kNoInput) if nothing is there, Error(kIo) if that cannot be found out.
bool is_folder(const std::filesystem::path& path);

/// @param expected  for the message: "a folder"
/// @throws Error(kBadData) unless `path` is a folder, and as is_folder().
void require_folder(const std::filesystem::path& path, const std::string& expected);

/// A file that is read in pieces, so that large ones are never in memory twice.
class InputFile {
 public:
  /// @throws Error(kNoInput) if it does not exist, Error(kBadData) if it is a folder, a pipe, a
  ///         socket or a device, Error(kIo) if it cannot be opened.
  explicit InputFile(std::filesystem::path path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  std::uint64_t size() const { return size_; }
  /// Fills `out` from `offset` on. @throws Error(kIo) if the file cannot be read, or has shrunk.
  void read(std::uint64_t offset, std::span<std::byte> out) const;

 private:
  std::filesystem::path path_;
  int fd_;
  std::uint64_t size_ = 0;
};

/// The bytes of a file.
/// @throws what InputFile throws.
std::string read_input_file(const std::filesystem::path& path);

/// The names of what lies directly in `folder`, in natural order (natural_order.h).
/// @throws Error(kNoInput) if it does not exist, Error(kBadData) if it is no folder, Error(kIo) if
///         it cannot be listed.
std::vector<std::string> list_names(const std::filesystem::path& folder);

/// The same as paths.
std::vector<std::filesystem::path> list_folder(const std::filesystem::path& folder);

}  // namespace ebm::data
