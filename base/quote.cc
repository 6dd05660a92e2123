#include "base/quote.h"

#include <algorithm>
#include <cctype>

#include "base/utf8.h"

namespace ebm::base {
namespace {

void append_hex(char c, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
}

/// Whether a UTF-8 character controls a terminal or ends a line: U+0000 to U+001F, U+007F to
/// U+009F, U+2028 and U+2029.
bool is_control(std::string_view character) {
  const auto byte = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return byte < 0x20 || byte == 0x7f;
  return (byte == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0) ||
         character == "\xe2\x80\xa8" || character == "\xe2\x80\xa9";
}

void append_shown(std::string_view text, std::string& out) {
  const auto is_plain = [](char c) { return c >= 0x20 && c < 0x7f; };
  while (!text.empty()) {
    const auto n_plain =
        static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
    out += text.substr(0, n_plain);
    text.remove_prefix(n_plain);
    if (text.empty()) return;
    const std::size_t n = utf8_length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(n, 1));
    if (n > 0 && !is_control(character)) {
      out += character;
    } else {
      for (const char c : character) append_hex(c, out);
    }
    text.remove_prefix(character.size());
  }
}

}  // namespace

std::string quote(std::string_view text, char mark) {
  constexpr std::size_t kMaxBytes = 60;
  std::string out(1, mark);
  for (const char c : text.substr(0, kMaxBytes)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      append_hex(c, out);
    }
  }
  if (text.size() > kMaxBytes) out += "...";
  return out + mark;
}

std::string one_line(std::string_view text) {
  constexpr std::size_t kHead = 1400, kTail = 600;
  std::string out;
  if (text.size() <= kHead + kTail) {
    append_shown(text, out);
    return out;
  }
  append_shown(text.substr(0, kHead), out);
  out += " ... (" + std::to_string(text.size() - kHead - kTail) + " bytes left out) ... ";
  append_shown(text.substr(text.size() - kTail), out);
  return out;
}

std::string shell_word(std::string_view text) {
  const auto is_plain = [](unsigned char c) {
    return c >= 0x80 || std::isalnum(c) != 0 ||
           std::string_view("_./+=:@%,-").find(static_cast<char>(c)) != std::string_view::npos;
  };
  std::string shown = one_line(text);
  const bool is_shown = shown == text;
  if (is_shown && !text.empty() && std::ranges::all_of(text, is_plain)) return shown;
  std::string word;
  for (const char c : text) {
    if (c == '\'') {
      word += is_shown ? "'\\''" : "\\'";
    } else {
      word += c == '\\' && !is_shown ? "\\\\" : std::string(1, c);
    }
  }
  return (is_shown ? "'" : "$'") + one_line(word) + "'";
}

}  // namespace ebm::base
