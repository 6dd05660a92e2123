#pragma once

#include <string>

namespace ebm::app {

/// Whether ebm-torch is beside this program.
bool is_torch_built();

/// Replaces this program by ebm-torch, which links LibTorch, with the same arguments: as git does
/// with its commands. It is looked for beside this program. If it is not there, --help prints what
/// to do, and ends the program.
/// @param what  needs LibTorch, for messages
/// @throws Error(kUsage) saying what to do if ebm-torch is not there or `ulimit -v` leaves too
///         little to load LibTorch; Error(kInternal) if it cannot be started; returns never.
[[noreturn]] void hand_over_to_torch(char** argv, const std::string& what = "this command");

}  // namespace ebm::app
