#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ebm::base {

/// The known name that `word` is most likely a misspelling of: the one with the smallest
/// Levenshtein distance (insertions, deletions, substitutions, upper and lower case alike), the
/// first of several. Empty if even that one needs more than a third of the letters of `word`,
/// rounded up, or shares nothing with it. For error messages: "unknown sampler 'langevn', did you
/// mean 'langevin'?".
std::string nearest_name(std::string_view word, std::span<const std::string> known);

}  // namespace ebm::base
