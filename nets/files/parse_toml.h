#pragma once

#include <toml++/toml.h>

#include <optional>
#include <string>
#include <string_view>

namespace ebm::nets {

/// Parses TOML that is not trusted.
/// @param origin  names the text in messages
/// @throws Error(kBadData) naming origin and line for text that is not TOML; for brackets more than
///         64 deep and keys of more than 17 parts, as the library calls itself for every level;
///         and for letters outside ASCII in keys without quotes, which the library misreads.
toml::table parse_toml(std::string_view text, std::string_view origin);

/// The value of a number, rounded to the nearest double: toml++ has none for an integer that no
/// double equals, such as 2^53 + 1. Nothing if the node is no number.
std::optional<double> number_of(const toml::node& node);

/// The value of a string as toml_text() writes it: a string, or a list of strings and of bytes from
/// 0 to 255. Nothing if the node is neither.
std::optional<std::string> string_of(const toml::node& node);

}  // namespace ebm::nets
