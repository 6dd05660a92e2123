#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ebm::base {

/// The text of a file of /proc or /sys; nothing if it cannot be read. Tests have texts of their
/// own.
using ReadText = std::function<std::optional<std::string>(const std::string& path)>;
std::optional<std::string> read_system_text(const std::string& path);

/// The folders below /sys/fs/cgroup that have the limits of this process: its control group's, and
/// those of all groups above, which hold too. Containers may see only the last.
struct CgroupFolders {
  std::vector<std::string> v2;
  std::vector<std::string> v1;  ///< of one controller
};

/// @param controller  of version 1, as "cpu" or "memory"
CgroupFolders cgroup_folders(const ReadText& read, const std::string& controller);

/// The number that `text` begins with; nothing if it begins with none, as "max".
std::optional<double> leading_number(const std::optional<std::string>& text);

}  // namespace ebm::base
