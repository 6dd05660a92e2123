#include "base/text_table.h"

#include <algorithm>

#include "base/quote.h"

namespace ebm::base {
namespace {

/// Bytes that continue a character take no column.
std::size_t columns_of(const std::string& cell) {
  return static_cast<std::size_t>(std::ranges::count_if(
      cell, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

}  // namespace

std::vector<std::string> table_lines(const std::vector<std::vector<std::string>>& given) {
  std::vector<std::vector<std::string>> cells = given;
  for (auto& line : cells) {
    for (std::string& cell : line) cell = one_line(cell);
  }
  std::vector<std::size_t> widths;
  for (const auto& line : cells) {
    widths.resize(std::max(widths.size(), line.size()));
    for (std::size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], columns_of(line[i]));
    }
  }
  std::vector<std::string> lines;
  for (const auto& line : cells) {
    std::string& text = lines.emplace_back();
    for (std::size_t i = 0; i < line.size(); ++i) {
      const std::string padding(widths[i] - columns_of(line[i]), ' ');
      if (i > 0) {
        text += "  " + padding + line[i];
      } else {
        text += line[i] + (line.size() > 1 ? padding : "");
      }
    }
  }
  return lines;
}

std::string text_table(const std::vector<std::vector<std::string>>& cells) {
  std::string text;
  for (const std::string& line : table_lines(cells)) text += line + "\n";
  return text;
}

}  // namespace ebm::base
