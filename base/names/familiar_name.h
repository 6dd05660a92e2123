#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ebm::base {

/// The known name of what users of PyTorch, NumPyro or Stan call `word`: learning_rate for "lr",
/// if that is known. Leading dashes, upper and lower case, "-" and "_" make no difference. Empty
/// if there is none.
std::string familiar_name(std::string_view word, std::span<const std::string> known);

}  // namespace ebm::base
