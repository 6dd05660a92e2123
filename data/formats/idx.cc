#include "data/formats/idx.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "base/foreign_format.h"
#include "base/quote.h"
#include "data/formats/bad_file.h"
#include "data/formats/data_memory.h"
#include "data/formats/gzip.h"
#include "data/formats/input_file.h"
#include "data/formats/lengths.h"

namespace ebm::data {
namespace {

constexpr std::size_t kMagicBytes = 4, kLengthBytes = 4, kMaxDims = 4;
/// Enough for the header, and to see what a file is that has none.
constexpr std::size_t kMaxStart = 300;

std::uint8_t byte_at(std::string_view bytes, std::size_t offset) {
  return static_cast<std::uint8_t>(bytes[offset]);
}

/// The lengths in the header at the front of `bytes`.
std::vector<std::int64_t> parse_dims(std::string_view bytes, const std::string& file) {
  if (bytes.size() < kMagicBytes) {
    bad_file(file,
             "ends at offset " + std::to_string(bytes.size()) + ", inside the 4-byte IDX magic");
  }
  if (byte_at(bytes, 0) != 0 || byte_at(bytes, 1) != 0) {
    bad_file(file, "found " + base::quote(bytes.substr(0, 2), '\'') + " at offset 0" +
                       base::foreign_format(bytes) +
                       "; expected the two zero bytes of the IDX magic");
  }
  if (byte_at(bytes, 2) != 0x08) {
    bad_file(file, "found data type " + std::to_string(byte_at(bytes, 2)) +
                       " at offset 2, expected 8 (unsigned byte)");
  }
  const std::size_t n_dims = byte_at(bytes, 3);
  if (n_dims < 1 || n_dims > kMaxDims) {
    bad_file(file, "found " + std::to_string(n_dims) + " dimensions at offset 3, expected 1 to 4");
  }
  if (bytes.size() < kMagicBytes + n_dims * kLengthBytes) {
    bad_file(file, "ends at offset " + std::to_string(bytes.size()) +
                       ", inside the IDX header of " +
                       std::to_string(kMagicBytes + n_dims * kLengthBytes) + " bytes");
  }
  std::vector<std::int64_t> dims;
  for (std::size_t d = 0; d < n_dims; ++d) {
    const std::size_t offset = kMagicBytes + d * kLengthBytes;
    std::int64_t length = 0;
    for (std::size_t i = 0; i < kLengthBytes; ++i) {
      length = length * 256 + byte_at(bytes, offset + i);
    }
    if (length == 0) {
      bad_file(file,
               "found a length of 0 at offset " + std::to_string(offset) + ", expected 1 or more");
    }
    dims.push_back(length);
  }
  return dims;
}

/// Product of the lengths. `capacity` is how many values the file can hold at most.
std::size_t count_values(const std::vector<std::int64_t>& dims, std::uint64_t capacity,
                         std::size_t header_bytes, const std::string& file) {
  std::uint64_t count = 1;
  for (const std::int64_t length : dims) {
    const auto factor = static_cast<std::uint64_t>(length);
    if (count > capacity / factor) {
      bad_file(file, "the header announces " + by(dims) + " bytes, but at most " +
                         std::to_string(capacity) + " can follow it from offset " +
                         std::to_string(header_bytes) +
                         ": the file is short or its header is wrong");
    }
    count *= factor;
  }
  return static_cast<std::size_t>(count);
}

/// Checks that exactly `n_values` values follow the header.
void check_size(std::uint64_t n_bytes, std::size_t header_bytes, std::size_t n_values,
                const std::string& file) {
  const std::uint64_t expected = std::uint64_t{header_bytes} + n_values;
  if (n_bytes < expected) {
    bad_file(file, "ends at offset " + std::to_string(n_bytes) + ", expected " +
                       std::to_string(expected) + " bytes by its header");
  }
  if (n_bytes > expected) {
    bad_file(file, std::to_string(n_bytes - expected) + " bytes too many from offset " +
                       std::to_string(expected) + " on, where its header ends the file");
  }
}

/// Reads `n_values` after those of `start`. Memory grows with what is really unpacked.
std::vector<std::uint8_t> read_values(GzipReader& packed, std::string_view start,
                                      std::size_t n_values, std::uint64_t packed_bytes) {
  constexpr std::uint64_t kUsualRatio = 16;
  constexpr std::size_t kMinGrowth = 1 << 16;
  std::vector<std::uint8_t> values;
  // In one piece where that can be: growing copies. Reserved memory is not used before it is
  // filled.
  values.reserve(
      static_cast<std::size_t>(std::min<std::uint64_t>(n_values, kUsualRatio * packed_bytes)));
  values.assign(start.begin(), start.end());
  while (values.size() < n_values) {
    const std::size_t n = values.size();
    values.resize(n + std::min(std::max(n, kMinGrowth), n_values - n));
    const std::size_t n_read = packed.read(std::span(values).subspan(n));
    if (n_read == values.size() - n) continue;
    values.resize(n + n_read);
    break;
  }
  return values;
}

IdxArray read_packed(const InputFile& input, const std::string& file) {
  GzipReader packed(input, file);
  std::vector<std::uint8_t> bytes(kMaxStart);
  bytes.resize(packed.read(bytes));
  const std::string start(bytes.begin(), bytes.end());
  if (looks_gzipped(start)) {
    bad_file(file, "is packed by gzip twice; unpack it once with gunzip, or twice");
  }
  IdxArray array{.dims = parse_dims(start, file), .values = {}};
  const std::size_t header_bytes = kMagicBytes + array.dims.size() * kLengthBytes;
  const std::size_t n_values =
      count_values(array.dims, max_unpacked_bytes(input.size()) - header_bytes, header_bytes, file);
  require_memory_for(file, array.dims, 1);
  array.values = read_values(packed, std::string_view(start).substr(header_bytes, n_values),
                             n_values, input.size());
  check_size(header_bytes + array.values.size(), header_bytes, n_values, file);
  std::uint8_t surplus = 0;
  if (start.size() > header_bytes + n_values || packed.read({&surplus, 1}) > 0) {
    bad_file(file, "unpacks to more than the expected " + std::to_string(header_bytes + n_values) +
                       " bytes, where its header ends the file");
  }
  return array;
}

}  // namespace

IdxArray read_idx(const std::filesystem::path& path) {
  const std::string file = path.string();
  const InputFile input(path);
  std::string header(static_cast<std::size_t>(std::min<std::uint64_t>(input.size(), kMaxStart)),
                     '\0');
  input.read(0, std::as_writable_bytes(std::span(header)));
  if (looks_gzipped(header)) return read_packed(input, file);

  IdxArray array{.dims = parse_dims(header, file), .values = {}};
  const std::size_t header_bytes = kMagicBytes + array.dims.size() * kLengthBytes;
  const std::size_t n_values =
      count_values(array.dims, input.size() - header_bytes, header_bytes, file);
  check_size(input.size(), header_bytes, n_values, file);
  require_memory_for(file, array.dims, 1);
  array.values.resize(n_values);
  input.read(header_bytes, std::as_writable_bytes(std::span(array.values)));
  return array;
}

}  // namespace ebm::data
