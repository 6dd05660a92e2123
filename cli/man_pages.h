#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace ebm::cli {

struct ManPage {
  std::string file;  ///< "ebm-gan-train.1"
  std::string text;  ///< roff
};

/// A manual page for `app` and for each of its commands, from their help.
std::vector<ManPage> man_pages(const CLI::App& app);

}  // namespace ebm::cli
