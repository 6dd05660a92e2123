#pragma once

#include <string>
#include <string_view>

namespace ebm::nets {

/// `text` from a file made fit for a one-line message: in double quotes, control characters and
/// bytes beyond ASCII as \xNN, and cut after 60 characters.
std::string quote(std::string_view text);

}  // namespace ebm::nets
