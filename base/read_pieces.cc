#include "base/read_pieces.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <string>

#include "base/error.h"

namespace ebm::base {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

[[noreturn]] void fail_to_read(const std::filesystem::path& path) {
  const int reason = errno;
  if (reason == ENOENT) throw Error(ErrorCode::kNoInput, "no such file: " + path.string());
  throw Error(ErrorCode::kIo, "cannot read " + path.string() + ": " + std::strerror(reason));
}

/// An open file, which closes itself.
class InputFile {
 public:
  explicit InputFile(const std::filesystem::path& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0) fail_to_read(path);
  }
  ~InputFile() { ::close(fd_); }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

void read_pieces(const std::filesystem::path& path, const OnPiece& on_piece) {
  const InputFile file(path);
  struct stat about {};
  if (::fstat(file.fd(), &about) != 0) fail_to_read(path);
  const double size = S_ISREG(about.st_mode) ? static_cast<double>(about.st_size)
                                             : std::numeric_limits<double>::quiet_NaN();
  const auto piece = std::make_unique_for_overwrite<char[]>(kPieceBytes);
  double done = 0.0;
  for (;;) {
    const ssize_t n = ::read(file.fd(), piece.get(), kPieceBytes);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_to_read(path);
    if (n == 0) return;
    done += static_cast<double>(n);
    // A file may grow while it is read.
    on_piece({piece.get(), static_cast<std::size_t>(n)}, done / (done > size ? done : size));
  }
}

}  // namespace ebm::base
