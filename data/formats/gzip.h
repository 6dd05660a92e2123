#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/formats/input_file.h"

namespace ebm::data {

/// Whether `bytes` begin as a gzip file does (1f 8b).
bool looks_gzipped(std::string_view bytes);

/// The most bytes that `packed_bytes` bytes of a gzip file can unpack to. Deflate codes at most 258
/// bytes in two bits: a factor of 1032.
std::uint64_t max_unpacked_bytes(std::uint64_t packed_bytes);

/// Unpacks a gzip file, all its members one after the other, in pieces: neither the packed file nor
/// what has been taken is kept.
class GzipReader {
 public:
  /// @param packed  outlives this
  /// @param file    its name, for messages
  GzipReader(const InputFile& packed, std::string file);
  /// The same of a whole file in memory.
  GzipReader(std::string_view packed, std::string file);
  ~GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  /// Fills `out` with the bytes that follow.
  /// @return how many: fewer than asked for only at the end, which has been checked then
  /// @throws Error(kBadData) with the offset in the packed file if it is corrupt, ends too early,
  ///         or is followed by something else. What InputFile throws.
  std::size_t read(std::span<std::uint8_t> out);

 private:
  struct Inflater;

  /// Takes the next bytes of the file behind those that are not unpacked yet.
  void refill();
  /// After a member: whether another follows.
  bool begin_member();
  [[noreturn]] void fail(const std::string& what) const;

  const InputFile* input_ = nullptr;  ///< or all is in memory
  std::string_view rest_;             ///< taken from the file, not unpacked yet
  std::vector<char> piece_;           ///< that `rest_` is in, if there is a file
  std::string file_;
  std::uint64_t size_ = 0, n_taken_ = 0, n_read_ = 0;  ///< of the packed file
  std::unique_ptr<Inflater> inflater_;
  bool is_at_end_ = false;
};

}  // namespace ebm::data
