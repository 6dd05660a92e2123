#include "data/formats/npy.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/foreign_format.h"
#include "base/quote.h"
#include "data/formats/bad_file.h"
#include "data/formats/data_memory.h"
#include "data/formats/fortran_order.h"
#include "data/formats/input_file.h"
#include "data/formats/lengths.h"
#include "data/formats/npy_dtype.h"
#include "data/formats/npy_header.h"

namespace ebm::data {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr const char* kBytesDescr = "|u1";
constexpr const char* kFloatDescr = "<f4";

/// The bytes of a file in memory, with the interface of InputFile.
class InputBytes {
 public:
  explicit InputBytes(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t size() const { return bytes_.size(); }
  void read(std::uint64_t offset, std::span<std::byte> out) const {
    if (!out.empty()) std::memcpy(out.data(), bytes_.data() + offset, out.size());
  }

 private:
  std::string_view bytes_;
};

/// The little-endian number in bytes[offset, offset + n).
std::size_t little_endian(std::string_view bytes, std::size_t offset, std::size_t n) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < n; ++i) {
    value |= std::size_t{static_cast<std::uint8_t>(bytes[offset + i])} << (8 * i);
  }
  return value;
}

/// Product of the lengths, which has to be `available` / `item_bytes`.
std::size_t count_values(const std::vector<std::int64_t>& shape, std::uint64_t available,
                         std::size_t item_bytes, std::uint64_t offset, const std::string& file) {
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

template <class Source>
std::string read_text(const Source& source, std::uint64_t offset, std::size_t n) {
  std::string text(n, '\0');
  source.read(offset, std::as_writable_bytes(std::span(text)));
  return text;
}

/// Where the header's literal is.
struct HeaderPlace {
  std::size_t begin = 0, size = 0;
};

template <class Source>
HeaderPlace find_header(const Source& source, const std::string& file) {
  constexpr std::size_t kMaxStart = 300;
  const auto n_start = static_cast<std::size_t>(std::min<std::uint64_t>(source.size(), kMaxStart));
  const std::string start = read_text(source, 0, n_start);
  if (!start.starts_with(kMagic)) {
    bad_file(file, "found " + base::quote(std::string_view(start).substr(0, kMagic.size()), '\'') +
                       " at offset 0" + base::foreign_format(start) + "; expected " +
                       base::quote(kMagic, '\'') + ", the first bytes of an npy file");
  }
  if (start.size() < 8) {
    bad_file(file, "ends at offset " + std::to_string(start.size()) + ", expected the npy version");
  }
  const int major = static_cast<unsigned char>(start[6]);
  const int minor = static_cast<unsigned char>(start[7]);
  if (major < 1 || major > 3 || minor != 0) {
    bad_file(file, "found npy version " + std::to_string(major) + "." + std::to_string(minor) +
                       " at offset 6, expected 1.0, 2.0 or 3.0");
  }
  const std::size_t length_bytes = major == 1 ? 2 : 4;
  HeaderPlace header{.begin = 8 + length_bytes};
  if (start.size() < header.begin) {
    bad_file(file, "ends at offset " + std::to_string(start.size()) +
                       ", expected the length of the npy header");
  }
  header.size = little_endian(start, 8, length_bytes);
  if (header.size > source.size() - header.begin) {
    bad_file(file, "found a header length of " + std::to_string(header.size) +
                       " at offset 8, but only " + std::to_string(source.size() - header.begin) +
                       " bytes follow");
  }
  return header;
}

/// Values as they are in the file, read in pieces.
template <class Source, class Value>
void read_straight(const Source& source, std::uint64_t offset, std::vector<Value>& values,
                   const OnRead& on_read) {
  constexpr std::size_t kPiece = std::size_t{1} << 24;
  const auto bytes = std::as_writable_bytes(std::span(values));
  for (std::size_t done = 0; done < bytes.size();) {
    const std::size_t n = std::min(kPiece, bytes.size() - done);
    source.read(offset + done, bytes.subspan(done, n));
    done += n;
    if (on_read) on_read(static_cast<double>(done) / static_cast<double>(bytes.size()));
  }
}

/// Values of another type, converted piece by piece.
template <class Source>
void read_converted(const Source& source, std::uint64_t offset, const NpyDtype& dtype,
                    const std::string& file, NpyArray& array, const OnRead& on_read) {
  constexpr std::size_t kPiece = std::size_t{1} << 22;
  const std::uint64_t n_bytes = source.size() - offset;
  for (std::uint64_t done = 0; done < n_bytes;) {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, n_bytes - done));
    append_values(dtype, read_text(source, offset + done, n), file, array.values);
    done += n;
    if (on_read) on_read(static_cast<double>(done) / static_cast<double>(n_bytes));
  }
}

/// Values of an array in Fortran order, put where C order has them piece by piece.
template <class Source>
void read_fortran_order(const Source& source, std::uint64_t offset, const NpyDtype& dtype,
                        const std::string& file, NpyArray& array, const OnRead& on_read) {
  constexpr std::size_t kPiece = std::size_t{1} << 22;
  const std::uint64_t n_bytes = source.size() - offset;
  FortranOrder order(array.shape);
  auto piece = array.values;
  std::visit([&](auto& values) { values.resize(n_bytes / dtype.n_bytes); }, array.values);
  for (std::uint64_t done = 0; done < n_bytes;) {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, n_bytes - done));
    std::visit([](auto& values) { values.clear(); }, piece);
    append_values(dtype, read_text(source, offset + done, n), file, piece,
                  static_cast<std::size_t>(done / dtype.n_bytes));
    std::visit(
        [&](auto& values) {
          const auto& read = std::get<std::decay_t<decltype(values)>>(piece);
          for (const auto value : read) values[order.next()] = value;
        },
        array.values);
    done += n;
    if (on_read) on_read(static_cast<double>(done) / static_cast<double>(n_bytes));
  }
}

template <class Source>
NpyArray parse(const Source& source, const std::string& file, const OnRead& on_read) {
  const HeaderPlace place = find_header(source, file);
  const NpyHeader header =
      parse_npy_header(read_text(source, place.begin, place.size), file, place.begin);
  const NpyDtype dtype = parse_npy_dtype(header.descr, file);
  const std::uint64_t begin = place.begin + place.size;
  const std::size_t n_values =
      count_values(header.shape, source.size() - begin, dtype.n_bytes, begin, file);
  const bool is_images = header.shape.size() > 2;
  const bool as_bytes = dtype.is_byte() || (is_images && !dtype.is_float());
  require_memory_for(file, header.shape, as_bytes ? 1 : sizeof(float));
  NpyArray array{.shape = header.shape, .values = {}};
  const bool is_native_float = dtype.is_float() && dtype.n_bytes == sizeof(float) &&
                               dtype.is_big_endian == (std::endian::native == std::endian::big);
  if (header.fortran_order) {
    if (!as_bytes) array.values = std::vector<float>();
    read_fortran_order(source, begin, dtype, file, array, on_read);
  } else if (dtype.is_byte()) {
    array.values = std::vector<std::uint8_t>(n_values);
    read_straight(source, begin, std::get<0>(array.values), on_read);
  } else if (is_native_float) {
    array.values = std::vector<float>(n_values);
    read_straight(source, begin, std::get<1>(array.values), on_read);
  } else {
    if (!as_bytes) array.values = std::vector<float>();
    std::visit([n_values](auto& values) { values.reserve(n_values); }, array.values);
    read_converted(source, begin, dtype, file, array, on_read);
  }
  return array;
}

void append_little_endian(std::string& bytes, std::uint32_t value, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
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
  return parse(InputBytes(bytes), file, {});
}

NpyArray read_npy(const std::filesystem::path& file, const OnRead& on_read) {
  return parse(InputFile(file), file.string(), on_read);
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
