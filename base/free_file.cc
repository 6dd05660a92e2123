#include "base/free_file.h"

#include <fcntl.h>

#include <cerrno>
#include <filesystem>

#include "base/atomic_file.h"
#include "base/posix_file.h"

namespace ebm::base {
namespace {

std::string numbered(const std::string& stem, const std::string& ending, int i) {
  return stem + (i == 1 ? "" : "-" + std::to_string(i)) + ending;
}

}  // namespace

std::string make_free_file(const std::string& stem, const std::string& ending) {
  for (int i = 1;; ++i) {
    std::string name = numbered(stem, ending, i);
    if (open_file(name, O_WRONLY | O_CREAT | O_EXCL, 0666).is_open()) return name;
    if (errno != EEXIST) throw_io_error("write", name, errno);
  }
}

void require_free_file(const std::string& stem, const std::string& ending) {
  int i = 1;
  while (std::filesystem::exists(numbered(stem, ending, i))) ++i;
  require_writable(numbered(stem, ending, i));
}

}  // namespace ebm::base
