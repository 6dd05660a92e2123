#include "data/in_quotes.h"

namespace ebm::data {

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kMost = 60;
  constexpr char kHex[] = "0123456789abcdef";
  std::string out = "'";
  for (const char c : text.substr(0, kMost)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out + (text.size() > kMost ? "...'" : "'");
}

}  // namespace ebm::data
