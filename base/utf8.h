#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ebm::base {

/// How many bytes the character takes that `text` begins with, in UTF-8; 0 if it begins with none:
/// it is empty, or its first byte belongs to no character (a stray or missing continuation byte, an
/// overlong form, a surrogate, a number beyond U+10FFFF).
std::size_t utf8_length(std::string_view text);

/// Whether all of `text` is UTF-8.
bool is_utf8(std::string_view text);

/// `text` with U+FFFD, the replacement character, for each byte that belongs to no character.
std::string to_utf8(std::string_view text);

}  // namespace ebm::base
