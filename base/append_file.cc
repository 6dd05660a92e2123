#include "base/append_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/atomic_file.h"
#include "base/error.h"

namespace ebm::base {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int reason) {
  throw Error(ErrorCode::kIo, "cannot write " + path.string() + ": " + std::strerror(reason));
}

}  // namespace

AppendFile::AppendFile(std::filesystem::path path, std::string_view text)
    : path_(std::move(path)), size_(static_cast<std::int64_t>(text.size())) {
  write_file_atomically(path_, text);
  fd_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (fd_ < 0) fail(path_, errno);
}

AppendFile::~AppendFile() {
  if (fd_ >= 0) ::close(fd_);
}

void AppendFile::append(std::string_view piece) {
  for (std::size_t done = 0; done < piece.size();) {
    const ssize_t n = ::write(fd_, piece.data() + done, piece.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int reason = errno;
      // A later piece must not follow half of this one.
      [[maybe_unused]] const int ignored = ::ftruncate(fd_, size_);
      fail(path_, reason);
    }
    done += static_cast<std::size_t>(n);
  }
  size_ += static_cast<std::int64_t>(piece.size());
}

}  // namespace ebm::base
