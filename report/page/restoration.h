#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "report/page/figure_table.h"

namespace ebm::report {

/// What `ebm restore --out RUN/restore.png` writes beside its picture, RUN/restore.json, for
/// display. There may be several, restore-NAME.json with restore-NAME.png.
struct Restoration {
  std::string name{};                  ///< of the file, without its ending
  std::string picture_png{};           ///< empty if there is none
  std::vector<std::string> columns{};  ///< what the columns of the picture are
  std::vector<FigureTable> tables{};   ///< of all else
};

/// Whether a file is called restore or restore-NAME, with any ending.
bool is_restoration(const std::filesystem::path& path);

/// Takes the document of `ebm restore` apart: {"columns": [names], further figures}.
/// @param path  for messages, and the name
/// @throws Error(kBadData) naming the path and the entry that is not as it should be.
Restoration parse_restoration(std::string_view json, const std::filesystem::path& path);

/// Sections of a page, one for each: the picture, what its columns are, and figures.
std::string restoration_sections(const std::vector<Restoration>& restorations);

}  // namespace ebm::report
