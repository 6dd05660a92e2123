#pragma once

#include <string>

#include "base/error.h"

namespace ebm::data {

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

}  // namespace ebm::data
