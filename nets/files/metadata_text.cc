#include "nets/files/metadata_text.h"

#include <charconv>
#include <optional>
#include <string_view>

#include "base/utf8.h"

namespace ebm::nets {
namespace {

constexpr std::string_view kHexSuffix = ".hex";

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return hex;
}

std::optional<std::string> from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned char byte = 0;
    const auto [end, error] = std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    if (error != std::errc() || end != hex.data() + i + 2) return std::nullopt;
    bytes += static_cast<char>(byte);
  }
  if (hex.size() % 2 != 0) return std::nullopt;
  return bytes;
}

}  // namespace

Metadata encode_metadata(const Metadata& metadata) {
  Metadata stored;
  for (const auto& [key, value] : metadata) {
    stored[key] = base::to_utf8(value);
    if (!base::is_utf8(value)) stored[key + std::string(kHexSuffix)] = to_hex(value);
  }
  return stored;
}

Metadata decode_metadata(Metadata stored) {
  for (auto hex = stored.begin(); hex != stored.end();) {
    const std::string_view name = hex->first;
    const bool is_hex = name.ends_with(kHexSuffix);
    const auto text =
        is_hex ? stored.find(name.substr(0, name.size() - kHexSuffix.size())) : stored.end();
    const auto bytes = text == stored.end() ? std::nullopt : from_hex(hex->second);
    if (bytes && !base::is_utf8(*bytes) && base::to_utf8(*bytes) == text->second) {
      text->second = *bytes;
      hex = stored.erase(hex);
    } else {
      ++hex;
    }
  }
  return stored;
}

}  // namespace ebm::nets
