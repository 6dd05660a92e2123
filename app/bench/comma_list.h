#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ebm::app {

/// The entries of "a,b,c"; one empty entry for an empty text.
std::vector<std::string> split_commas(const std::string& list);

/// The numbers of "1,2,4".
/// @param name  of the option, for messages
/// @throws Error(kUsage) for what is no whole number of at least `least`
std::vector<std::int64_t> numbers_of(const char* name, const std::string& list, std::int64_t least);

}  // namespace ebm::app
