#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/sample/options.h"
#include "app/target/open_target.h"
#include "evaluation/walk.h"
#include "report/output_file.h"

namespace ebm::app {

/// The file of the last states.
struct SampleOutput {
  std::optional<report::OutputKind> kind;  ///< none: no file
  bool takes_new_name = false;  ///< the user named no file: samples.png or the next free name
};

/// Checks all files before the work.
/// @throws Error(kUsage) for an ending that does not fit or one file for two results; Error(kIo) if
///         one cannot be written
SampleOutput plan_output(const SampleCommand& command, const Target& target);

/// Writes the last states, to a file with a free name if the user named none. A picture of several
/// classes has a row for each, with its name.
/// @param classes  names, of which each has as many states in turn
/// @return the name of the file; empty if there is none
/// @throws Error(kIo)
std::string write_samples(const SampleCommand& command, const SampleOutput& output,
                          const Target& target, const evaluation::Walk& walk,
                          const std::vector<std::string>& classes);

}  // namespace ebm::app
