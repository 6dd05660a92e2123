#pragma once

#include <optional>
#include <string>

#include "nets/files/safetensors.h"

namespace ebm::nets {

/// Stores one file inside another, of a model with several parts: its tensors and metadata get
/// names that begin with `part` and a dot.
void add_part(const std::string& part, const SafetensorsFile& file, SafetensorsFile& model);

/// The inverse: removes the part and returns it; nothing if the model has no such part.
std::optional<SafetensorsFile> take_part(const std::string& part, SafetensorsFile& model);

}  // namespace ebm::nets
