#pragma once

#include <string>

#include "ebm/evaluated_net.h"
#include "nets/architecture/precision.h"

namespace ebm {

/// Networks of one architecture compiled for this machine's cores, by a plan that is made once.
/// @param name  of the network, for messages
/// @throws Error(kUsage) for a network without a compiled gradient of the weights.
NetBackend compiled_backend(const nets::Architecture& architecture, nets::Precision precision,
                            const std::string& name, int n_threads);

}  // namespace ebm
