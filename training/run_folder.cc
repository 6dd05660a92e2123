#include "training/run_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/error.h"

namespace ebm::training {
namespace fs = std::filesystem;

RunFolder::RunFolder(fs::path path) : path_(std::move(path)) {
  std::error_code error;
  for (const fs::path& folder : {path_, samples(), checkpoints()}) {
    fs::create_directories(folder, error);
    if (error || !fs::is_directory(folder)) {
      throw Error(ErrorCode::kIo, "cannot make the folder " + folder.string() + ": " +
                                      (error ? error.message() : "a file has that name"));
    }
  }
  // The lock falls with the process, however it ends.
  lock_ = ::open((path_ / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0) {
    throw Error(ErrorCode::kIo,
                "cannot write into " + path_.string() + ": " + std::strerror(errno));
  }
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    const int reason = errno;
    ::close(lock_);
    throw Error(ErrorCode::kIo, path_.string() + ": " +
                                    (reason == EWOULDBLOCK ? "another process trains in this folder"
                                                           : std::strerror(reason)));
  }
  sweep();
}

void RunFolder::sweep() const {
  for (const fs::path& folder : {path_, samples(), checkpoints()}) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      const std::string name = entry.path().filename().string();
      const bool leftover = name.starts_with('.') && (name.find(".partial") != std::string::npos ||
                                                      name.ends_with(".removed"));
      if (leftover) fs::remove_all(entry.path());
    }
  }
}

RunFolder::~RunFolder() { ::close(lock_); }

}  // namespace ebm::training
