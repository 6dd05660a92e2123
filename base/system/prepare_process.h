#pragma once

namespace ebm::base {

/// What a program does first, so that nothing is lost or said in silence:
/// - standard input, output and error that are closed are opened as what cannot be read or written,
///   or the next file that is opened would take their place and what is printed;
/// - a file beyond `ulimit -f` is an error, and no longer a signal that kills.
void prepare_process();

}  // namespace ebm::base
