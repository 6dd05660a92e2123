#include "base/read_pieces.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/path_kind.h"
#include "base/posix_file.h"

namespace ebm::base {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

}  // namespace

void read_pieces(const std::filesystem::path& path, const OnPiece& on_piece) {
  const Descriptor file = open_file(path, O_RDONLY);
  if (!file.is_open() && errno == ENOENT) {
    throw Error(ErrorCode::kNoInput, no_such_file(path));
  }
  if (!file.is_open()) throw_io_error("read", path.string(), errno);
  struct stat about {};
  if (::fstat(file.get(), &about) != 0) throw_io_error("read", path.string(), errno);
  const double size = S_ISREG(about.st_mode) ? static_cast<double>(about.st_size)
                                             : std::numeric_limits<double>::quiet_NaN();
  const auto piece = std::make_unique_for_overwrite<char[]>(kPieceBytes);
  double done = 0.0;
  for (;;) {
    const ssize_t n = ::read(file.get(), piece.get(), kPieceBytes);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw_io_error("read", path.string(), errno);
    if (n == 0) return;
    done += static_cast<double>(n);
    // A file may grow while it is read.
    on_piece({piece.get(), static_cast<std::size_t>(n)}, done / (done > size ? done : size));
  }
}

}  // namespace ebm::base
