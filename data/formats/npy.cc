#include "data/formats/npy.h"

#include <bit>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/quote.h"
#include "data/formats/bad_file.h"
#include "data/formats/input_file.h"
#include "data/formats/lengths.h"
#include "data/formats/npy_header.h"

namespace ebm::data {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr const char* kBytesDescr = "|u1";
constexpr const char* kFloatDescr = "<f4";

/// The little-endian number in bytes[offset, offset + n).
std::uint32_t little_endian(std::string_view bytes, std::size_t offset, std::size_t n) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < n; ++i) {
    value |= std::uint32_t{static_cast<std::uint8_t>(bytes[offset + i])} << (8 * i);
  }
  return value;
}

void append_little_endian(std::string& bytes, std::uint32_t value, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
}

/// Product of the lengths, which has to be `available` / `item_bytes`.
std::size_t count_values(const std::vector<std::int64_t>& shape, std::size_t available,
                         std::size_t item_bytes, std::size_t offset, const std::string& file) {
  const auto mismatch = [&](const std::string& found) {
    bad_file(file, "shape " + by(shape) + " of " + std::to_string(item_bytes) +
                       "-byte values, but " + found + " " + std::to_string(available) +
                       " bytes follow the header from offset " + std::to_string(offset));
  };
  std::size_t count = 1;
  bool empty = false;
  for (const std::int64_t length : shape) empty = empty || length == 0;
  for (const std::int64_t length : shape) {
    if (empty) break;
    if (count > available / item_bytes / static_cast<std::uint64_t>(length)) mismatch("only");
    count *= static_cast<std::size_t>(length);
  }
  if (empty) count = 0;
  if (count * item_bytes > available) mismatch("only");
  if (count * item_bytes < available) mismatch("as many as");
  return count;
}

std::string header_bytes(const char* descr, std::size_t n_values,
                         std::span<const std::int64_t> shape) {
  std::size_t count = 1;
  std::string lengths;
  for (const std::int64_t length : shape) {
    // An overflow is left for the comparison to find: no such number of values is in memory.
    if (length < 0 || __builtin_mul_overflow(count, static_cast<std::size_t>(length), &count)) {
      throw Error(ErrorCode::kShape, "npy shape " + by(shape) + ": found length " +
                                         std::to_string(length) +
                                         ", expected lengths whose product is the " +
                                         std::to_string(n_values) + " values given");
    }
    lengths += std::to_string(length) + (shape.size() == 1 ? "," : ", ");
  }
  if (count != n_values) {
    throw Error(ErrorCode::kShape, "npy shape " + by(shape) + " for " + std::to_string(n_values) +
                                       " values, expected lengths whose product is that");
  }
  if (shape.size() > 1) lengths.resize(lengths.size() - 2);
  std::string text = std::string("{'descr': '") + descr + "', 'fortran_order': False, 'shape': (" +
                     lengths + "), }";
  // NumPy starts the values at a multiple of 64 bytes, so that they can be mapped.
  constexpr std::size_t kBeforeText = 10, kAlignment = 64;
  text.append(kAlignment - 1 - (kBeforeText + text.size()) % kAlignment, ' ');
  text += '\n';
  std::string bytes(kMagic);
  bytes += {'\x01', '\x00'};
  append_little_endian(bytes, static_cast<std::uint32_t>(text.size()), 2);
  return bytes + text;
}

}  // namespace

NpyArray parse_npy(std::string_view bytes, const std::string& file) {
  if (!bytes.starts_with(kMagic)) {
    bad_file(file, "found " + base::quote(bytes.substr(0, kMagic.size()), '\'') +
                       " at offset 0, expected " + base::quote(kMagic, '\'') +
                       ", the first bytes of an npy file");
  }
  if (bytes.size() < 8)
    bad_file(file, "ends at offset " + std::to_string(bytes.size()) + ", expected the npy version");
  const int major = static_cast<unsigned char>(bytes[6]);
  const int minor = static_cast<unsigned char>(bytes[7]);
  if (major < 1 || major > 3 || minor != 0) {
    bad_file(file, "found npy version " + std::to_string(major) + "." + std::to_string(minor) +
                       " at offset 6, expected 1.0, 2.0 or 3.0");
  }
  const std::size_t length_bytes = major == 1 ? 2 : 4;
  const std::size_t text_begin = 8 + length_bytes;
  if (bytes.size() < text_begin) {
    bad_file(file, "ends at offset " + std::to_string(bytes.size()) +
                       ", expected the length of the npy header");
  }
  const std::size_t text_size = little_endian(bytes, 8, length_bytes);
  if (text_size > bytes.size() - text_begin) {
    bad_file(file, "found a header length of " + std::to_string(text_size) +
                       " at offset 8, but only " + std::to_string(bytes.size() - text_begin) +
                       " bytes follow");
  }
  const NpyHeader header = parse_npy_header(bytes.substr(text_begin, text_size), file, text_begin);
  if (header.descr != kBytesDescr && header.descr != kFloatDescr) {
    bad_file(file, "found dtype " + base::quote(header.descr, '\'') +
                       ", expected '|u1' (uint8) or '<f4' (float32)");
  }
  if (header.fortran_order) {
    bad_file(file, "found fortran_order True, expected False; save numpy.ascontiguousarray of it");
  }
  const std::size_t begin = text_begin + text_size;
  const std::string_view rest = bytes.substr(begin);
  NpyArray array{.shape = header.shape, .values = {}};
  if (header.descr == kBytesDescr) {
    count_values(header.shape, rest.size(), 1, begin, file);
    array.values = std::vector<std::uint8_t>(rest.begin(), rest.end());
    return array;
  }
  std::vector<float> values(count_values(header.shape, rest.size(), 4, begin, file));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = std::bit_cast<float>(little_endian(rest, 4 * i, 4));
  }
  array.values = std::move(values);
  return array;
}

NpyArray read_npy(const std::filesystem::path& file) {
  return parse_npy(read_input_file(file), file.string());
}

std::string npy_float_header(std::span<const std::int64_t> shape) {
  std::size_t n_values = 1;
  for (const std::int64_t length : shape) n_values *= static_cast<std::size_t>(length);
  return header_bytes(kFloatDescr, n_values, shape);
}

std::string npy_bytes(std::span<const float> values, std::span<const std::int64_t> shape) {
  std::string bytes = header_bytes(kFloatDescr, values.size(), shape);
  bytes.reserve(bytes.size() + 4 * values.size());
  for (const float value : values)
    append_little_endian(bytes, std::bit_cast<std::uint32_t>(value), 4);
  return bytes;
}

std::string npy_bytes(std::span<const std::uint8_t> values, std::span<const std::int64_t> shape) {
  std::string bytes = header_bytes(kBytesDescr, values.size(), shape);
  bytes.append(values.begin(), values.end());
  return bytes;
}

void write_npy(const std::filesystem::path& file, std::span<const float> values,
               std::span<const std::int64_t> shape) {
  base::write_file_atomically(file, std::string_view(npy_bytes(values, shape)));
}

void write_npy(const std::filesystem::path& file, std::span<const std::uint8_t> values,
               std::span<const std::int64_t> shape) {
  base::write_file_atomically(file, std::string_view(npy_bytes(values, shape)));
}

}  // namespace ebm::data
