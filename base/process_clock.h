#pragma once

namespace ebm::base {

/// Seconds since this process began, also if it has been replaced by another program since (exec).
/// Where the system does not say when that was, since the first call.
double seconds_since_process_start();

}  // namespace ebm::base
