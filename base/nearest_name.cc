#include "base/nearest_name.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

#include "base/familiar_name.h"

namespace ebm::base {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::size_t levenshtein(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

/// The only known name that begins with `word`, if that has at least three letters.
std::string completed(std::string_view word, std::span<const std::string> known) {
  std::string found;
  if (word.size() - std::min(word.find_first_not_of('-'), word.size()) < 3) return "";
  for (const std::string& name : known) {
    if (!name.starts_with(word)) continue;
    if (!found.empty()) return "";
    found = name;
  }
  return found;
}

}  // namespace

std::string nearest_name(std::string_view word, std::span<const std::string> known) {
  std::string nearest = familiar_name(word, known);
  if (!nearest.empty()) return nearest;
  std::size_t least = (word.size() + 2) / 3 + 1;
  for (const std::string& name : known) {
    const std::size_t distance = levenshtein(word, name);
    if (distance < least && distance < std::max(word.size(), name.size())) {
      least = distance;
      nearest = name;
    }
  }
  return nearest.empty() ? completed(word, known) : nearest;
}

}  // namespace ebm::base
