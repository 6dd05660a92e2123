#pragma once

#include <string>

#include "evaluation/progress.h"

namespace ebm::app {

struct ProgressOptions {
  std::string label;                 ///< what is being done; stands in front
  std::string phase_name = "phase";  ///< stands before the name of a phase
  double quiet_seconds = 0.0;        ///< of each phase, in which nothing is shown
};

/// Shows on stderr how far a call of the library is, and ends it once SIGINT or SIGTERM has come:
/// from now on they do not end the program.
/// @return a callback that throws base::Stopped once a signal has come
evaluation::OnProgress show_progress(const ProgressOptions& options);

}  // namespace ebm::app
