#pragma once

#include <string>
#include <vector>

#include "nets/architecture/architecture.h"
#include "nets/files/layer_match.h"

namespace ebm::nets {

/// Says in one line why the tensors of a file are not those of a network: what is missing,
/// unexpected or of another shape once all that fits is set aside, either by names, behind the
/// prefix that explains most of them, or layer by layer as match_layers() compares them, whichever
/// leaves less.
/// @param tensors  by their names after steps 1 and 2 of match_tensor_names()
/// @param origin   names the file
/// @throws Error(kBadData), always
[[noreturn]] void refuse_tensors(const Architecture& architecture, const GivenTensors& tensors,
                                 const std::string& origin);

}  // namespace ebm::nets
