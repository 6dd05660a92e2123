#pragma once

#include <optional>
#include <string>

#include "nets/files/safetensors.h"

namespace ebm::nets {

/// Keeps a file within that of a model of several parts: its tensors and metadata under names that
/// begin with `part` and a dot.
void add_part(const std::string& part, const SafetensorsFile& file, SafetensorsFile& model);

/// Takes it out again; nothing if the model has no such part.
std::optional<SafetensorsFile> take_part(const std::string& part, SafetensorsFile& model);

}  // namespace ebm::nets
