#include "base/names/nearest_name.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "base/names/familiar_name.h"

namespace ebm::base {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// The number of insertions, deletions, substitutions and swaps of neighbours that make b of a, no
/// letter being changed twice ("optimal string alignment").
std::size_t distance_of(std::string_view a, std::string_view b) {
  // Row i has the distances of the first i letters of a from the beginnings of b.
  std::vector<std::size_t> before(b.size() + 1), row(b.size() + 1), next(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    next[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = row[j - 1] + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      next[j] = std::min({substituted, next[j - 1] + 1, row[j] + 1});
      const bool is_swap = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
      if (is_swap) next[j] = std::min(next[j], before[j - 2] + 1);
    }
    before.swap(row);
    row.swap(next);
  }
  return row.back();
}

/// The only known name that has `word` among its words, if that has at least three letters: Ankle
/// boot for "boot", step_size for "size".
std::string holder_of(std::string_view word, std::span<const std::string> known) {
  const auto is_letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  word.remove_prefix(std::min(word.find_first_not_of('-'), word.size()));
  std::string found;
  if (word.size() < 3) return "";
  for (const std::string& name : known) {
    bool has_word = false;
    for (std::size_t at = 0; at + word.size() <= name.size() && !has_word; ++at) {
      const std::size_t end = at + word.size();
      has_word =
          (at == 0 || !is_letter(name[at - 1])) && (end == name.size() || !is_letter(name[end])) &&
          std::equal(word.begin(), word.end(), name.begin() + static_cast<std::ptrdiff_t>(at),
                     [](char a, char b) { return lower(a) == lower(b); });
    }
    if (!has_word) continue;
    if (!found.empty()) return "";
    found = name;
  }
  return found;
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
    const auto [shorter, longer] = std::minmax({word.size(), name.size()});
    if (longer - shorter >= least) continue;  // so many letters at least are inserted
    const std::size_t distance = distance_of(word, name);
    if (distance < least && distance < std::max(word.size(), name.size())) {
      least = distance;
      nearest = name;
    }
  }
  if (least > 1) {
    if (std::string holder = holder_of(word, known); !holder.empty()) return holder;
  }
  return nearest.empty() ? completed(word, known) : nearest;
}

}  // namespace ebm::base
