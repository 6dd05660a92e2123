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

/// A text that people write, as UTF-8 without the byte-order mark that some editors put in front.
/// @param origin  its file, for the message
/// @throws Error(kBadData) naming the encoding if it is UTF-16 or UTF-32, as Windows PowerShell
///         writes, with or without a byte-order mark.
std::string utf8_text(std::string bytes, const std::string& origin);

}  // namespace ebm::base
