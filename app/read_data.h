#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "data/dataset.h"
#include "data/on_read.h"

namespace ebm::app {

/// Reads a data set for a command: shows on a terminal how far it is if that takes long, and prints
/// its warnings to stderr.
/// @throws what data::load_dataset() throws
data::Dataset read_data(const std::string& spec);

/// Calls `read`, which reads data. If they are missing, the error points at --data.
/// @param are_own  whether a model or a run names them, and no option does: they may have moved
/// @return what `read` returns
template <class Read>
auto read_moved_data(bool are_own, const Read& read) {
  try {
    return read();
  } catch (const Error& error) {
    if (!are_own || error.code() != ErrorCode::kNoInput) throw;
    throw Error(error.code(), std::string(error.what()) + "; if the data have moved, give --data");
  }
}

/// A callback that shows on a terminal how far reading is, once it has taken 2 seconds.
data::OnRead show_reading();

}  // namespace ebm::app
