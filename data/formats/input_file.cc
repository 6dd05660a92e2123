#include "data/formats/input_file.h"

#include <algorithm>
#include <system_error>

#include "base/atomic_file.h"
#include "base/error.h"
#include "data/formats/natural_order.h"

namespace ebm::data {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail_reading(const fs::path& path, const std::error_code& reason) {
  throw Error(ErrorCode::kIo, "cannot read " + path.string() + ": " + reason.message());
}

}  // namespace

bool is_folder(const fs::path& path) {
  std::error_code reason;
  const fs::file_status status = fs::status(path, reason);
  if (status.type() == fs::file_type::not_found) {
    throw Error(ErrorCode::kNoInput, "no such file or folder: " + path.string());
  }
  if (reason) fail_reading(path, reason);
  return fs::is_directory(status);
}

std::string read_input_file(const fs::path& path) {
  if (is_folder(path)) {
    throw Error(ErrorCode::kBadData, path.string() + ": found a folder, expected a file");
  }
  return base::read_file(path);
}

std::vector<fs::path> list_folder(const fs::path& folder) {
  if (!is_folder(folder)) {
    throw Error(ErrorCode::kBadData, folder.string() + ": found a file, expected a folder");
  }
  std::vector<fs::path> paths;
  std::error_code reason;
  fs::directory_iterator entry(folder, reason);
  if (reason) fail_reading(folder, reason);
  while (entry != fs::directory_iterator()) {
    paths.push_back(entry->path());
    entry.increment(reason);
    if (reason) fail_reading(folder, reason);
  }
  std::sort(paths.begin(), paths.end(), [](const fs::path& a, const fs::path& b) {
    return natural_less(a.filename().string(), b.filename().string());
  });
  return paths;
}

}  // namespace ebm::data
