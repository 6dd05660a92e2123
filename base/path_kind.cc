#include "base/path_kind.h"

#include <system_error>

#include "base/error.h"

namespace ebm::base {
namespace fs = std::filesystem;
namespace {

fs::file_type type_of(const fs::path& path) {
  std::error_code reason;
  const fs::file_type type = fs::status(path, reason).type();
  if (type != fs::file_type::none) return type;
  if (reason == std::errc::filename_too_long) return fs::file_type::not_found;
  throw Error(ErrorCode::kIo, "cannot read " + path.string() + ": " + reason.message());
}

}  // namespace

bool path_exists(const fs::path& path) { return type_of(path) != fs::file_type::not_found; }
bool is_folder(const fs::path& path) { return type_of(path) == fs::file_type::directory; }
bool is_file(const fs::path& path) { return type_of(path) == fs::file_type::regular; }

}  // namespace ebm::base
