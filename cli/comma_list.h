#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ebm::cli {

/// The entries of "a,b,c"; one empty entry for an empty text.
std::vector<std::string> split_commas(const std::string& list);

/// A number as in "0.05".
/// @param name       of the option, for messages
/// @param or_a_word  other values that the option takes, for messages: ", recipe or fit"
/// @throws Error(kUsage) for another text
double number_of(const char* name, const std::string& text, const std::string& or_a_word = "");

/// The numbers of "1,2,4".
/// @param name  of the option, for messages
/// @throws Error(kUsage) for what is no whole number of at least `least`
std::vector<std::int64_t> numbers_of(const char* name, const std::string& list, std::int64_t least);

}  // namespace ebm::cli
