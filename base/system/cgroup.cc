#include "base/system/cgroup.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "base/posix_file.h"

namespace ebm::base {
namespace {

constexpr const char* kRoot = "/sys/fs/cgroup";

/// root + "/a/b", root + "/a" and root.
std::vector<std::string> with_parents(const std::string& root, std::string group) {
  std::vector<std::string> folders;
  while (!group.empty() && group != "/") {
    folders.push_back(root + group);
    group.erase(group.find_last_of('/'));
  }
  folders.push_back(root);
  return folders;
}

/// Whether a comma-separated list has `name`.
bool lists(const std::string& names, const std::string& name) {
  std::istringstream each(names);
  for (std::string found; std::getline(each, found, ',');) {
    if (found == name) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> read_system_text(const std::string& path) {
  const Descriptor file = open_file(path, O_RDONLY);
  if (!file.is_open()) return std::nullopt;
  std::string text;
  char piece[4096];
  for (ssize_t n = 0; (n = ::read(file.get(), piece, sizeof piece)) > 0;) {
    text.append(piece, static_cast<std::size_t>(n));
  }
  return text;
}

CgroupFolders cgroup_folders(const ReadText& read, const std::string& controller) {
  CgroupFolders folders;
  // Lines are "number:controllers:/group"; version 2 has no controllers.
  std::istringstream lines(read("/proc/self/cgroup").value_or(""));
  for (std::string line; std::getline(lines, line);) {
    const auto first = line.find(':');
    const auto second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos || line.compare(second + 1, 1, "/") != 0) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string group = line.substr(second + 1);
    if (controllers.empty()) {
      folders.v2 = with_parents(kRoot, group);
    } else if (lists(controllers, controller)) {
      folders.v1 = with_parents(std::string(kRoot) + "/" + controller, group);
    }
  }
  return folders;
}

std::optional<double> leading_number(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  double value = 0.0;
  const auto found = std::from_chars(text->data(), text->data() + text->size(), value);
  return found.ec == std::errc() ? std::optional(value) : std::nullopt;
}

}  // namespace ebm::base
