#pragma once

#include <string>
#include <string_view>

namespace ebm::nets {

// Values as TOML text that parse_toml() (nets/files/parse_toml.h) reads back exactly.

/// The shortest decimal that reads back as the same bits, as a float of TOML: integers have no −0
/// and end at 2^63.
std::string toml_text(double value);

/// A string of UTF-8 in double quotes, its control characters escaped.
std::string toml_quoted(std::string_view text);

/// Any bytes: a string in single quotes if nothing in it needs an escape, else in double quotes.
/// TOML holds nothing but UTF-8: a string with other bytes, as names of files may have, becomes a
/// list of its parts, text and bytes as numbers: ['images:caf', 0xe9, '/2024'].
std::string toml_text(std::string_view value);

}  // namespace ebm::nets
