#include "data/formats/npy_dtype.h"

#include <bit>
#include <cmath>
#include <limits>

#include "base/printed.h"
#include "base/quote.h"
#include "data/formats/bad_file.h"

namespace ebm::data {
namespace {

/// The value's bytes as a number, from the lowest byte on.
std::uint64_t bits_of(const NpyDtype& dtype, const char* bytes) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < dtype.n_bytes; ++i) {
    const std::size_t place = dtype.is_big_endian ? dtype.n_bytes - 1 - i : i;
    bits |= std::uint64_t{static_cast<std::uint8_t>(bytes[place])} << (8 * i);
  }
  return bits;
}

/// IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. Every one is a float.
float half_value(std::uint64_t bits) {
  constexpr int kBias = 15, kFractionBits = 10, kMaxExponent = 31;
  const auto fraction = static_cast<float>(bits & 0x3ff);
  const auto exponent = static_cast<int>(bits >> kFractionBits & kMaxExponent);
  float size = 0.0f;
  if (exponent == kMaxExponent) {
    size = fraction == 0.0f ? std::numeric_limits<float>::infinity()
                            : std::numeric_limits<float>::quiet_NaN();
  } else if (exponent == 0) {
    size = std::ldexp(fraction, 1 - kBias - kFractionBits);
  } else {
    size = std::ldexp(fraction + 1024.0f, exponent - kBias - kFractionBits);
  }
  return (bits >> 15 & 1) != 0 ? -size : size;
}

[[noreturn]] void fail_value(const NpyDtype& dtype, const std::string& value, std::size_t place,
                             const std::string& expected, const std::string& file) {
  bad_file(file, "found " + value + " of dtype " + dtype.text() + " at value " +
                     std::to_string(place) + ", " + expected);
}

constexpr const char* kToFloat =
    "which float32 does not hold exactly; to round it, save x.astype('float32')";
constexpr const char* kToBytes =
    "expected grey levels from 0 to 255; save images as uint8, or as float32 in [-1, 1]";

/// The signed number of so many bytes.
std::int64_t signed_value(std::uint64_t bits, std::size_t n_bytes) {
  switch (n_bytes) {
    case 1:
      return static_cast<std::int8_t>(bits);
    case 2:
      return static_cast<std::int16_t>(bits);
    case 4:
      return static_cast<std::int32_t>(bits);
    default:
      return static_cast<std::int64_t>(bits);
  }
}

void append_integer(const NpyDtype& dtype, std::uint64_t bits, const std::string& file,
                    std::variant<std::vector<std::uint8_t>, std::vector<float>>& values,
                    std::size_t first) {
  const std::int64_t with_sign = signed_value(bits, dtype.n_bytes);
  const bool is_negative = dtype.kind == NpyDtype::Kind::kSigned && with_sign < 0;
  const auto shown = [&] { return is_negative ? std::to_string(with_sign) : std::to_string(bits); };
  if (auto* levels = std::get_if<std::vector<std::uint8_t>>(&values)) {
    if (is_negative || bits > 255)
      fail_value(dtype, shown(), first + levels->size(), kToBytes, file);
    levels->push_back(static_cast<std::uint8_t>(bits));
    return;
  }
  auto& floats = std::get<std::vector<float>>(values);
  const std::uint64_t size =
      is_negative ? std::uint64_t{0} - static_cast<std::uint64_t>(with_sign) : bits;
  // 24 bits from the first one to the last one.
  const bool is_exact = size == 0 || std::bit_width(size) - std::countr_zero(size) <= 24;
  if (!is_exact) fail_value(dtype, shown(), first + floats.size(), kToFloat, file);
  const auto value = static_cast<float>(size);
  floats.push_back(is_negative ? -value : value);
}

void append_float(const NpyDtype& dtype, std::uint64_t bits, const std::string& file,
                  std::vector<float>& floats, std::size_t first) {
  if (dtype.n_bytes == 2) {
    floats.push_back(half_value(bits));
  } else if (dtype.n_bytes == 4) {
    floats.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  } else {
    const auto value = std::bit_cast<double>(bits);
    const bool is_in_range = std::abs(value) <= std::numeric_limits<float>::max();
    const bool is_exact = is_in_range && double{static_cast<float>(value)} == value;
    if (std::isfinite(value) && !is_exact) {
      fail_value(dtype, base::printed("%.17g", value), first + floats.size(), kToFloat, file);
    }
    floats.push_back(static_cast<float>(value));
  }
}

}  // namespace

std::string NpyDtype::text() const {
  const char* name = kind == Kind::kFloat ? "float" : kind == Kind::kSigned ? "int" : "uint";
  return name + std::to_string(8 * n_bytes);
}

NpyDtype parse_npy_dtype(std::string_view descr, const std::string& file) {
  const auto fail = [&](const std::string& how) {
    bad_file(file, "found dtype " + base::quote(descr, '\'') +
                       ", expected integers or floats, as '|u1' (uint8) or '<f4' (float32); " +
                       how);
  };
  if (descr == "|b1") fail("for black and white images save x.astype('uint8') * 255");
  if (descr.size() != 3 || std::string_view("|<>=").find(descr[0]) == std::string_view::npos) {
    fail("save x.astype('float32')");
  }
  NpyDtype dtype{.kind = NpyDtype::Kind::kUnsigned,
                 .n_bytes = static_cast<std::size_t>(descr[2] - '0'),
                 .is_big_endian = descr[0] == '>'};
  const bool is_integer_size =
      dtype.n_bytes == 1 || dtype.n_bytes == 2 || dtype.n_bytes == 4 || dtype.n_bytes == 8;
  if (descr[1] == 'i') dtype.kind = NpyDtype::Kind::kSigned;
  if (descr[1] == 'f') dtype.kind = NpyDtype::Kind::kFloat;
  const bool is_known = descr[1] == 'u' || descr[1] == 'i' || descr[1] == 'f';
  if (!is_known || !is_integer_size || (dtype.is_float() && dtype.n_bytes == 1)) {
    fail("save x.astype('float32')");
  }
  return dtype;
}

void append_values(const NpyDtype& dtype, std::string_view bytes, const std::string& file,
                   std::variant<std::vector<std::uint8_t>, std::vector<float>>& values,
                   std::size_t first) {
  for (std::size_t at = 0; at < bytes.size(); at += dtype.n_bytes) {
    const std::uint64_t bits = bits_of(dtype, bytes.data() + at);
    if (dtype.is_float()) {
      append_float(dtype, bits, file, std::get<std::vector<float>>(values), first);
    } else {
      append_integer(dtype, bits, file, values, first);
    }
  }
}

}  // namespace ebm::data
