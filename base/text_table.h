#pragma once

#include <string>
#include <vector>

namespace ebm::base {

/// The lines of a table, without line ends: the first column to the left, the others to the right,
/// two spaces apart. Widths are counted in characters of UTF-8. A line may have fewer cells. Cells
/// become one_line(), as names in them may come from files.
std::vector<std::string> table_lines(const std::vector<std::vector<std::string>>& cells);

/// The same as one text, with a line end after each.
std::string text_table(const std::vector<std::vector<std::string>>& cells);

}  // namespace ebm::base
