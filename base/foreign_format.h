#pragma once

#include <string>
#include <string_view>

namespace ebm::base {

/// What a file that is not of the expected format seems to be, by its first bytes, and what to do
/// about it, to follow what was found: ", a zip archive: unpack it". Empty if they are not known.
std::string foreign_format(std::string_view bytes);

}  // namespace ebm::base
