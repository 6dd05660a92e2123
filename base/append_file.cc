#include "base/append_file.h"

#include <fcntl.h>

#include <cerrno>
#include <span>
#include <utility>

#include "base/atomic_file.h"

namespace ebm::base {

AppendFile::AppendFile(std::filesystem::path path, std::string_view text)
    : path_(std::move(path)), size_(static_cast<std::int64_t>(text.size())) {
  write_file_atomically(path_, text);
  file_ = open_file(path_, O_WRONLY | O_APPEND);
  if (!file_.is_open()) throw_io_error("write", path_.string(), errno);
}

void AppendFile::append(std::string_view piece) {
  const int reason = write_all(file_.get(), std::as_bytes(std::span(piece.data(), piece.size())));
  if (reason != 0) {
    // A later piece must not follow half of this one. If that fails too, readers leave out the
    // last piece, as it has no end.
    truncate_file(file_.get(), size_);
    throw_io_error("write", path_.string(), reason);
  }
  size_ += static_cast<std::int64_t>(piece.size());
}

void AppendFile::sync() {
  if (const int reason = sync_file(file_.get()); reason != 0) {
    throw_io_error("write", path_.string(), reason);
  }
}

}  // namespace ebm::base
