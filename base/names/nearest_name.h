#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ebm::base {

/// The known name that is most likely meant by `word`: what familiar_name() gives; else, unless one
/// letter makes another of it, the only one that has it among its words; else the one with the
/// smallest Levenshtein distance (insertions, deletions, substitutions, swaps, upper and lower case
/// alike), the first of several, unless it needs more than a third of the letters of `word`,
/// rounded up, or shares nothing with it; else the only one that begins with `word`. Empty
/// otherwise. For error messages: "unknown sampler 'langevn', did you mean 'langevin'?".
std::string nearest_name(std::string_view word, std::span<const std::string> known);

}  // namespace ebm::base
