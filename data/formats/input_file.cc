#include "data/formats/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/path_kind.h"
#include "data/formats/bad_file.h"
#include "data/formats/natural_order.h"

namespace ebm::data {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail_reading(const fs::path& path, const std::error_code& reason) {
  throw Error(ErrorCode::kIo, "cannot read " + path.string() + ": " + reason.message());
}

std::error_code last_error() { return {errno, std::generic_category()}; }

const char* name_of(fs::file_type type) {
  switch (type) {
    case fs::file_type::regular:
      return "a file";
    case fs::file_type::directory:
      return "a folder";
    case fs::file_type::fifo:
      return "a pipe";
    case fs::file_type::socket:
      return "a socket";
    default:
      return "a device";
  }
}

/// @throws Error(kBadData) unless it is a regular file: opening another may wait for ever
void require_regular(const fs::path& path, fs::file_type type) {
  if (type == fs::file_type::regular) return;
  bad_file(path.string(),
           std::string("found ") + name_of(type) + ", expected a file" +
               (type == fs::file_type::fifo ? "; save what it gives as a file" : ""));
}

}  // namespace

bool is_folder(const fs::path& path) {
  std::error_code reason;
  const fs::file_status status = fs::status(path, reason);
  if (status.type() == fs::file_type::not_found) {
    throw Error(ErrorCode::kNoInput, base::no_such_file(path, "file or folder"));
  }
  if (reason) fail_reading(path, reason);
  return fs::is_directory(status);
}

void require_folder(const fs::path& path, const std::string& expected) {
  if (is_folder(path)) return;
  std::error_code gone;
  bad_file(path.string(), std::string("found ") + name_of(fs::status(path, gone).type()) +
                              ", expected " + expected);
}

InputFile::InputFile(fs::path path) : path_(std::move(path)), fd_(-1) {
  std::error_code reason;
  const fs::file_status status = fs::status(path_, reason);
  if (status.type() == fs::file_type::not_found) {
    throw Error(ErrorCode::kNoInput, base::no_such_file(path_));
  }
  if (reason) fail_reading(path_, reason);
  require_regular(path_, status.type());
  // Without waiting, should a pipe have taken its place.
  do {
    fd_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  } while (fd_ < 0 && errno == EINTR);
  if (fd_ < 0) fail_reading(path_, last_error());
  struct stat opened {};
  if (::fstat(fd_, &opened) != 0) {
    const std::error_code why = last_error();
    ::close(fd_);
    fail_reading(path_, why);
  }
  size_ = static_cast<std::uint64_t>(opened.st_size);
}

InputFile::~InputFile() {
  if (fd_ >= 0) ::close(fd_);
}

void InputFile::read(std::uint64_t offset, std::span<std::byte> out) const {
  for (std::size_t done = 0; done < out.size();) {
    const ssize_t n =
        ::pread(fd_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_reading(path_, last_error());
    if (n == 0) {
      throw Error(ErrorCode::kIo, "cannot read " + path_.string() + ": it ends at offset " +
                                      std::to_string(offset + done) + ", it had " +
                                      std::to_string(size_) + " bytes when it was opened");
    }
    done += static_cast<std::size_t>(n);
  }
}

std::string read_input_file(const fs::path& path) {
  const InputFile file(path);
  std::string bytes(file.size(), '\0');
  file.read(0, std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

std::vector<std::string> list_names(const fs::path& folder) {
  require_folder(folder, "a folder");
  std::vector<std::string> names;
  std::error_code reason;
  fs::directory_iterator entry(folder, reason);
  if (reason) fail_reading(folder, reason);
  while (entry != fs::directory_iterator()) {
    names.push_back(entry->path().filename().string());
    entry.increment(reason);
    if (reason) fail_reading(folder, reason);
  }
  std::sort(names.begin(), names.end(),
            [](const std::string& a, const std::string& b) { return natural_less(a, b); });
  return names;
}

std::vector<fs::path> list_folder(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const std::string& name : list_names(folder)) paths.push_back(folder / name);
  return paths;
}

}  // namespace ebm::data
