#pragma once

#include <string>
#include <string_view>

namespace ebm::base {

/// `text` between quotation marks, fit for a one-line message whatever it holds: bytes outside
/// printable ASCII become \xNN, and what follows the first 60 bytes becomes "...".
std::string quote(std::string_view text, char mark = '"');

}  // namespace ebm::base
