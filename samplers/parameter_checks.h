#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace ebm::samplers {

// What the parameters of energies have to be. All throw Error(kUsage), or Error(kShape) for a size,
// with one line: the name, the value found and what would be right.

void require_at_least(const std::string& name, std::int64_t value, std::int64_t least);
/// Finite as well.
void require_positive(const std::string& name, double value);
void require_finite(const std::string& name, double value);
/// Each element finite; the message names the first that is not.
void require_finite(const std::string& name, std::span<const float> values);
/// `name` holds as many values as `what` says, e.g. ("sds", 3, 2, "one a mean").
void require_size(const std::string& name, std::size_t found, std::size_t wanted,
                  const std::string& what);

/// A pointer that is not null.
void require_given(const std::string& name, const void* value);

}  // namespace ebm::samplers
