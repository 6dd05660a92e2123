#include "report/page/html_text.h"

#include <charconv>
#include <cstddef>
#include <cstdint>

#include "base/utf8.h"

namespace ebm::report {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t n = base::utf8_length(text.substr(i));
    const char c = text[i];
    if (n == 0 || c == '\x7F' || (c >= 0 && c < ' ' && c != '\n' && c != '\t')) {
      escaped += kReplacement;
    } else if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else if (c == '"') {
      escaped += "&quot;";
    } else if (c == '\'') {
      escaped += "&#39;";
    } else {
      escaped += text.substr(i, n);
    }
    i += n == 0 ? 1 : n;
  }
  return escaped;
}

std::string html_section(std::string_view id, std::string_view title, std::string_view content) {
  std::string text = "<section aria-labelledby=\"";
  text.append(id).append("-title\" id=\"").append(id).append("\">\n<h2 id=\"").append(id);
  text.append("-title\">").append(title).append("</h2>\n").append(content).append("</section>\n");
  return text;
}

std::string json_for_script(std::string_view json) {
  std::string text;
  text.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      text += "\\u003c";
    } else {
      text += c;
    }
  }
  return text;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      const bool is_in = i + k < bytes.size();
      bits = (bits << 8) | (is_in ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += i + k > bytes.size() ? '=' : kDigits[(bits >> (18 - 6 * k)) & 63];
    }
  }
  return text;
}

std::string csp_hash(std::string_view sha256) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < sha256.size(); i += 2) {
    int byte = 0;
    std::from_chars(sha256.data() + i, sha256.data() + i + 2, byte, /*base=*/16);
    bytes += static_cast<char>(byte);
  }
  return "'sha256-" + base64(bytes) + "'";
}

std::string png_data_uri(std::string_view png) { return "data:image/png;base64," + base64(png); }

}  // namespace ebm::report
