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

bool is_broken_link(const fs::path& path) {
  std::error_code ignored;
  return fs::is_symlink(path, ignored) && !fs::exists(path, ignored);
}

std::string no_such_file(const fs::path& path, const char* what) {
  std::string text = std::string("no such ") + what + ": " + path.string();
  for (fs::path at = path; !at.empty() && at != at.parent_path(); at = at.parent_path()) {
    if (!is_broken_link(at)) continue;
    std::error_code ignored;
    return text + "; " + (at == path ? "it" : at.string()) + " is a link to " +
           fs::read_symlink(at, ignored).string() + ", which is not there";
  }
  return text;
}

}  // namespace ebm::base
