#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ebm::nets {

/// The end of a message about an unknown name: `did you mean "stride"?`, or, where no known name is
/// near, `known: type, kernel, stride`.
std::string suggestion(std::string_view word, std::span<const std::string> known);

}  // namespace ebm::nets
