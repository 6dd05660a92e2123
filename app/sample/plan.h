#pragma once

#include "app/sample/options.h"
#include "evaluation/walk.h"
#include "models/class_chains.h"

namespace ebm::app {

/// @throws Error(kUsage) for an option that needs another one, which is missing, or that does not
///         go with another one
void validate(const SampleCommand& command, const models::ClassChains& classes);

evaluation::WalkOptions plan_of(const SampleCommand& command, const models::ClassChains& classes);

}  // namespace ebm::app
