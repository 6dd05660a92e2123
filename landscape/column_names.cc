#include "landscape/column_names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

namespace ebm::landscape {
namespace {

/// The letters and digits of a word, in lower case.
std::string letters_of(std::string_view word) {
  std::string letters;
  for (const char c : word) {
    if (c >= 'A' && c <= 'Z') letters += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) letters += c;
  }
  return letters;
}

}  // namespace

bool is_number(std::string_view word) {
  double value = 0.0;
  return std::from_chars(word.data(), word.data() + word.size(), value).ptr ==
         word.data() + word.size();
}

bool are_ends_of_a_link(std::string_view one, std::string_view other) {
  using Pair = std::pair<std::string_view, std::string_view>;
  constexpr std::array<Pair, 10> kKnown{{{"from", "to"},
                                         {"source", "target"},
                                         {"source", "destination"},
                                         {"src", "dst"},
                                         {"src", "dest"},
                                         {"node1", "node2"},
                                         {"nodea", "nodeb"},
                                         {"id1", "id2"},
                                         {"vertex1", "vertex2"},
                                         {"fromnodeid", "tonodeid"}}};
  const std::string first = letters_of(one), second = letters_of(other);
  return std::ranges::any_of(
      kKnown, [&](const Pair& pair) { return first == pair.first && second == pair.second; });
}

bool drop_words_above_numbers(Graph& graph) {
  auto& [names, links, warnings] = graph;
  if (links.size() < 2 || names.size() < 4 || links[0].from != 0 || links[0].to != 1) return false;
  const auto first = names.begin(), others = first + 2;
  const bool are_words = std::none_of(first, others, is_number);
  if (!are_words || !std::all_of(others, names.end(), is_number)) return false;
  const bool is_alone = std::all_of(links.begin() + 1, links.end(),
                                    [](const Link& link) { return link.from > 1 && link.to > 1; });
  if (!is_alone) return false;
  names.erase(first, others);
  links.erase(links.begin());
  for (Link& link : links) {
    link.from -= 2;
    link.to -= 2;
  }
  return true;
}

bool may_be_counts(const Graph& graph) {
  const auto& [names, links, warnings] = graph;
  const auto number_of = [](const std::string& name) {
    std::int64_t number = -1;
    const char* end = name.data() + name.size();
    return std::from_chars(name.data(), end, number).ptr == end ? number : -1;
  };
  if (links.size() < 3 || links[0].from != 0 || links[0].to != 1) return false;
  if (number_of(names[1]) != std::ssize(links) - 1) return false;
  const std::int64_t n_nodes = number_of(names[0]);
  return std::ranges::all_of(names, [&](const std::string& name) {
    const std::int64_t number = number_of(name);
    return number >= 0 && number <= n_nodes;
  });
}

}  // namespace ebm::landscape
