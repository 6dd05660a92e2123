#include "training/run_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/partial_files.h"

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
  lock_ = base::open_file(path_ / ".lock", O_RDWR | O_CREAT | O_NOFOLLOW, 0666);
  if (!lock_.is_open()) base::throw_io_error("write", (path_ / ".lock").string(), errno);
  if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) base::throw_io_error("lock", (path_ / ".lock").string(), errno);
    throw Error(ErrorCode::kIo, path_.string() + ": another process trains in this folder");
  }
  sweep();
}

void RunFolder::sweep() const {
  try {
    for (const fs::path& folder : {path_, samples(), checkpoints()}) {
      for (const auto& entry : fs::directory_iterator(folder)) {
        const bool is_leftover = base::is_leftover_name(entry.path().filename().string());
        if (is_leftover) fs::remove_all(entry.path());
      }
    }
  } catch (const fs::filesystem_error& error) {
    base::throw_io_error("remove what is left of a killed process in", error.path1().string(),
                         error.code().value());
  }
}

void require_possible_folder(const fs::path& folder) {
  std::error_code error;
  fs::path above = fs::absolute(folder, error);
  if (error) {  // the present folder has been removed
    throw Error(ErrorCode::kIo,
                "cannot make the folder " + folder.string() + ": " + error.message());
  }
  while (!fs::exists(above, error) && above.has_relative_path()) above = above.parent_path();
  const bool is_folder = fs::is_directory(above, error);
  if (is_folder && ::access(above.c_str(), W_OK) == 0) return;
  throw Error(ErrorCode::kIo, "cannot make the folder " + folder.string() + ": " +
                                  std::strerror(is_folder ? errno : ENOTDIR));
}

}  // namespace ebm::training
