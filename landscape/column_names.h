#pragma once

#include <string_view>

#include "landscape/graph_file.h"

namespace ebm::landscape {

bool is_number(std::string_view word);

/// Whether these are what programs call the two ends of a link: `source`, `target`.
bool are_ends_of_a_link(std::string_view one, std::string_view other);

/// Takes the first link of an edge list out with its nodes if they are two words that no other link
/// has, while all other nodes are numbers: they name columns.
/// @return whether it is so
bool drop_words_above_numbers(Graph& graph);

/// Whether the first link of an edge list may be none but a line `N M` above M links of nodes that
/// are numbers up to N.
bool may_be_counts(const Graph& graph);

}  // namespace ebm::landscape
