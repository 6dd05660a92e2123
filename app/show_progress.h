#pragma once

#include "evaluation/progress.h"

namespace ebm::app {

/// Shows on stderr how far calls of the library are, and ends one once SIGINT or SIGTERM has come:
/// from now on they do not end the program.
/// @return a callback that throws base::Stopped once a signal has come
evaluation::OnProgress show_progress();

}  // namespace ebm::app
