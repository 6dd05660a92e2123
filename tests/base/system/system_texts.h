#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/system/cgroup.h"

namespace ebm::base {

/// Reads files of a made-up system.
inline ReadText texts(const std::map<std::string, std::string>& files) {
  return [files](const std::string& path) {
    const auto found = files.find(path);
    return found == files.end() ? std::nullopt : std::optional(found->second);
  };
}

}  // namespace ebm::base
