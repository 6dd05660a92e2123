#pragma once

#include "app/sample/options.h"
#include "app/target/open_target.h"
#include "models/class_chains.h"

namespace ebm::app {

/// Opens what is sampled: at the condition that MODEL has, without labels, or with those of --class
/// and --guidance.
/// @throws Error(kUsage) for a class that there is none of, for --class with an expression, for
///         --guidance without --class; what open_target() throws
models::ClassChains open_sampled(const SampleCommand& command, const Backends& backends);

}  // namespace ebm::app
