#include "data/formats/exif.h"

#include <cstddef>
#include <cstdint>

namespace ebm::data {
namespace {

/// Numbers of a TIFF file in its byte order; 0 beyond its end.
class TiffNumbers {
 public:
  explicit TiffNumbers(std::string_view bytes)
      : bytes_(bytes), big_endian_(bytes.starts_with("MM")) {}

  std::uint32_t at(std::uint64_t offset, std::size_t n_bytes) const {
    if (offset > bytes_.size() || n_bytes > bytes_.size() - offset) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < n_bytes; ++i) {
      const std::size_t place = big_endian_ ? i : n_bytes - 1 - i;
      value = value << 8 | static_cast<std::uint8_t>(bytes_[offset + place]);
    }
    return value;
  }

 private:
  std::string_view bytes_;
  bool big_endian_;
};

}  // namespace

int exif_orientation(std::string_view tiff) {
  constexpr std::uint32_t kMagic = 42, kOrientation = 0x0112, kShort = 3, kLong = 4;
  constexpr std::uint64_t kEntryBytes = 12;
  if (!tiff.starts_with("II") && !tiff.starts_with("MM")) return 1;
  const TiffNumbers numbers(tiff);
  if (numbers.at(2, 2) != kMagic) return 1;
  const std::uint64_t directory = numbers.at(4, 4);
  const std::uint32_t n_entries = numbers.at(directory, 2);
  for (std::uint32_t i = 0; i < n_entries; ++i) {
    const std::uint64_t entry = directory + 2 + kEntryBytes * i;
    if (numbers.at(entry, 2) != kOrientation || numbers.at(entry + 4, 4) != 1) continue;
    const std::uint32_t type = numbers.at(entry + 2, 2);
    if (type != kShort && type != kLong) return 1;
    const std::uint32_t value = numbers.at(entry + 8, type == kShort ? 2 : 4);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace ebm::data
