#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nets/files/safetensors.h"

namespace ebm::nets {

/// Copies the floats of an entry of a file.
/// @param shape   that the entry has to have; `to` has as many values
/// @param origin  names the file in messages
/// @throws Error(kBadData) naming origin and the entry that is missing, of another shape or not
///         finite.
void copy_entry(const SafetensorsFile& file, const std::string& name,
                const std::vector<std::int64_t>& shape, const std::string& origin,
                std::span<float> to);

/// @param owner  what the entries are of, for messages
/// @throws Error(kBadData) naming origin, owner and the first entry whose name is none of `names`.
void require_no_other_entries(const SafetensorsFile& file, const std::vector<std::string>& names,
                              const std::string& origin, const std::string& owner);

}  // namespace ebm::nets
