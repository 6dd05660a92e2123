#pragma once

#include <string>
#include <string_view>

namespace ebm::base {

/// `text` between quotation marks, fit for a one-line message whatever it holds: bytes outside
/// printable ASCII become \xNN, and what follows the first 60 bytes becomes "...".
std::string quote(std::string_view text, char mark = '"');

/// `text` as one line of at most 8 kB that a terminal can show: control characters, line ends and
/// bytes that are not UTF-8 become \xNN. Of more than 2000 bytes, the first 1400 and the last 600
/// are kept.
std::string one_line(std::string_view text);

/// `text` as a word of a command line that can be pasted into a shell: in quotation marks where it
/// needs them, as one_line() within $'...' where it could not be shown.
std::string shell_word(std::string_view text);

}  // namespace ebm::base
