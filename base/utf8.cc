#include "base/utf8.h"

#include <algorithm>
#include <cstdint>

#include "base/error.h"

namespace ebm::base {
namespace {

using namespace std::string_view_literals;

/// The encoding of a text whose first character is ASCII or a byte-order mark, if it is not one of
/// those that ASCII is a part of; null otherwise.
const char* wide_encoding(std::string_view bytes) {
  if (bytes.size() < 2) return nullptr;
  // The longer marks first: that of UTF-32 begins with that of UTF-16.
  if (bytes.starts_with("\xff\xfe\0\0"sv)) return "UTF-32 (little-endian)";
  if (bytes.starts_with("\0\0\xfe\xff"sv)) return "UTF-32 (big-endian)";
  if (bytes.starts_with("\xff\xfe"sv)) return "UTF-16 (little-endian)";
  if (bytes.starts_with("\xfe\xff"sv)) return "UTF-16 (big-endian)";
  const auto is_zero = [&](std::size_t i) { return i < bytes.size() && bytes[i] == '\0'; };
  if (is_zero(0) && is_zero(1)) return is_zero(2) ? "UTF-32 (big-endian)" : nullptr;
  if (is_zero(0)) return "UTF-16 (big-endian)";
  if (is_zero(1)) return is_zero(2) ? "UTF-32 (little-endian)" : "UTF-16 (little-endian)";
  return nullptr;
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  // The leading ones of the first byte count the bytes; 10xxxxxx continues a character.
  const std::size_t n = first < 0xc0   ? 0
                        : first < 0xe0 ? 2
                        : first < 0xf0 ? 3
                        : first < 0xf8 ? 4
                                       : 0;
  if (n == 0 || text.size() < n) return 0;
  std::uint32_t character = first & (0x7fu >> n);
  for (std::size_t i = 1; i < n; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    character = character << 6 | (byte(i) & 0x3fu);
  }
  constexpr std::uint32_t kMinCodePoint[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = character >= 0xd800 && character < 0xe000;
  return character < kMinCodePoint[n] || is_surrogate || character > 0x10ffff ? 0 : n;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t n = utf8_length(text);
    if (n == 0) return false;
    text.remove_prefix(n);
  }
  return true;
}

std::string to_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t n = utf8_length(text);
    out += n == 0 ? "\xef\xbf\xbd" : text.substr(0, n);
    text.remove_prefix(std::max<std::size_t>(n, 1));
  }
  return out;
}

std::string utf8_text(std::string bytes, const std::string& origin) {
  if (const char* encoding = wide_encoding(bytes)) {
    throw Error(ErrorCode::kBadData, origin + ": the text is " + encoding +
                                         ", must be UTF-8 (in PowerShell: Set-Content -Encoding "
                                         "utf8)");
  }
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  if (bytes.starts_with(kMark)) bytes.erase(0, kMark.size());
  return bytes;
}

}  // namespace ebm::base
