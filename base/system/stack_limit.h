#pragma once

#include <cstdint>
#include <string>

namespace ebm::base {

/// Gives the program that replaces this one next, and its threads, n_bytes of stack or more: the
/// limit of `ulimit -s` is raised where it may be. A thread that comes to the end of its stack ends
/// the process without a word.
/// @param what  needs as much
/// @throws Error(kUsage) if the limit is lower and may not be raised
void provide_stack(std::uint64_t n_bytes, const std::string& what);

}  // namespace ebm::base
