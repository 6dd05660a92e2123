#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/sample/options.h"
#include "app/target/open_target.h"

namespace ebm::app {

/// The classes of --class.
struct SampleClasses {
  std::vector<float> labels;       ///< in the order of the option; empty without it
  std::vector<std::string> names;  ///< of the labels, for people
  std::vector<float> contexts;     ///< of all chains, n for each class
};

/// Opens what is sampled: at the condition that MODEL has, or with the labels of --class and
/// --guidance for its chains.
/// @throws Error(kUsage) for a class that there is none of, for --class with an expression, for
///         --guidance without --class; what open_target() throws
Target open_sampled(const SampleCommand& command, const Backends& backends, SampleClasses& classes);

}  // namespace ebm::app
