#include "base/quote.h"

namespace ebm::base {

std::string quote(std::string_view text, char mark) {
  constexpr std::size_t kMaxBytes = 60;
  constexpr char kHex[] = "0123456789abcdef";
  std::string out(1, mark);
  for (const char c : text.substr(0, kMaxBytes)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  if (text.size() > kMaxBytes) out += "...";
  return out + mark;
}

}  // namespace ebm::base
