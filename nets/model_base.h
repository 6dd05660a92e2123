#pragma once

#include <optional>

#include "nets/safetensors.h"

namespace ebm::nets {

/// Keeps the file of a base measure within that of the model that tilts it: its tensors and
/// metadata under names that begin with "base.".
void add_base(const SafetensorsFile& base, SafetensorsFile& model);

/// Takes it out again; nothing if the model has none.
std::optional<SafetensorsFile> take_base(SafetensorsFile& model);

}  // namespace ebm::nets
