#include "nets/files/toml_text.h"

#include <algorithm>

#include "base/number_text.h"
#include "base/utf8.h"

namespace ebm::nets {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::string string_text(std::string_view text) {
  const bool is_plain =
      std::ranges::none_of(text, [](char c) { return is_control(c) || c == '\''; });
  return is_plain ? "'" + std::string(text) + "'" : toml_quoted(text);
}

std::string list_of_parts(std::string_view bytes) {
  std::string out = "[";
  const auto add = [&](const std::string& part) { out += (out.size() > 1 ? ", " : "") + part; };
  while (!bytes.empty()) {
    std::size_t end = 0;
    while (const std::size_t n = base::utf8_length(bytes.substr(end))) end += n;
    if (end > 0) {
      add(string_text(bytes.substr(0, end)));
    } else {
      const auto byte = static_cast<unsigned char>(bytes[0]);
      add({'0', 'x', kHexDigits[byte >> 4], kHexDigits[byte & 15]});
      end = 1;
    }
    bytes.remove_prefix(end);
  }
  return out + "]";
}

}  // namespace

std::string toml_text(double value) {
  std::string text = base::exact_text(value);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string toml_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (is_control(c)) {
      const auto byte = static_cast<unsigned char>(c);
      out += {'\\', 'u', '0', '0', kHexDigits[byte >> 4], kHexDigits[byte & 15]};
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + "\"";
}

std::string toml_text(std::string_view value) {
  return base::is_utf8(value) ? string_text(value) : list_of_parts(value);
}

}  // namespace ebm::nets
