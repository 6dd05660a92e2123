#include "base/posix_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "base/error.h"

namespace ebm::base {
namespace {

constexpr std::size_t kLarge = std::size_t{16} << 20;
/// A multiple of what devices want addresses and sizes to be multiples of.
constexpr std::size_t kDirectUnit = 4096;
constexpr std::size_t kDirectPiece = std::size_t{8} << 20;

/// The result of `call`, which is made again as long as a signal interrupts it.
auto uninterrupted(const auto& call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

/// Fills `to` with the bytes of the pieces from one on.
void copy_from(std::span<const std::span<const std::byte>> pieces, std::size_t first,
               std::span<std::byte> to) {
  for (const auto& piece : pieces) {
    const std::size_t skipped = std::min(first, piece.size());
    const std::size_t n = std::min(piece.size() - skipped, to.size());
    std::copy_n(piece.begin() + static_cast<std::ptrdiff_t>(skipped), n, to.begin());
    to = to.subspan(n);
    first -= skipped;
  }
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

int Descriptor::close() {
  if (fd_ < 0) return 0;
  return ::close(std::exchange(fd_, -1)) == 0 || errno == EINTR ? 0 : errno;
}

Descriptor open_file(const std::filesystem::path& path, int flags, mode_t mode) {
  return Descriptor(uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, mode); }));
}

int write_all(int fd, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = uninterrupted([&] { return ::write(fd, bytes.data(), bytes.size()); });
    if (n < 0) return errno;
    if (n == 0) return EIO;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return 0;
}

int write_pieces(int fd, std::span<const std::span<const std::byte>> pieces, std::size_t first) {
  int reason = 0;
  for (const auto& piece : pieces) {
    const std::size_t skipped = std::min(first, piece.size());
    if (reason == 0) reason = write_all(fd, piece.subspan(skipped));
    first -= skipped;
  }
  return reason;
}

int write_large(int fd, std::span<const std::span<const std::byte>> pieces) {
  std::size_t n_bytes = 0;
  for (const auto& piece : pieces) n_bytes += piece.size();
  const int flags = ::fcntl(fd, F_GETFL);
  if (n_bytes < kLarge || flags < 0 || ::fcntl(fd, F_SETFL, flags | O_DIRECT) != 0) {
    return write_pieces(fd, pieces);
  }
  const std::size_t n_direct = n_bytes - n_bytes % kDirectUnit;
  const std::unique_ptr<std::byte, decltype(&std::free)> piece(
      static_cast<std::byte*>(std::aligned_alloc(kDirectUnit, kDirectPiece)), &std::free);
  std::size_t done = 0;
  while (piece && done < n_direct) {
    const std::size_t size = std::min(kDirectPiece, n_direct - done);
    copy_from(pieces, done, {piece.get(), size});
    const ssize_t n = uninterrupted([&] { return ::write(fd, piece.get(), size); });
    if (n > 0) done += static_cast<std::size_t>(n);
    // An error comes again below if it is none of writing directly.
    if (n <= 0 || static_cast<std::size_t>(n) % kDirectUnit != 0) break;
  }
  if (::fcntl(fd, F_SETFL, flags) != 0) return errno;
  return write_pieces(fd, pieces, done);
}

int sync_file(int fd) {
  return uninterrupted([&] { return ::fsync(fd); }) == 0 ? 0 : errno;
}

int truncate_file(int fd, off_t size) {
  return uninterrupted([&] { return ::ftruncate(fd, size); }) == 0 ? 0 : errno;
}

void throw_io_error(const char* action, const std::string& file, int reason) {
  throw Error(ErrorCode::kIo,
              "cannot " + std::string(action) + " " + file + ": " + std::strerror(reason));
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  const std::filesystem::path parent = path.parent_path();
  return parent.empty() ? std::filesystem::path(".") : parent;
}

}  // namespace ebm::base
