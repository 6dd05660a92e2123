#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ebm::data {

/// The type of an array's values, as NumPy writes it: '<f4', '>i2', '|u1'.
struct NpyDtype {
  enum class Kind { kUnsigned, kSigned, kFloat };
  Kind kind = Kind::kUnsigned;
  std::size_t n_bytes = 1;
  bool is_big_endian = false;

  bool is_float() const { return kind == Kind::kFloat; }
  bool is_byte() const { return kind == Kind::kUnsigned && n_bytes == 1; }
  std::string text() const;  ///< "float16", "int64", ...
};

/// @param file  its name, for messages
/// @throws Error(kBadData) saying how to convert, for any other type: bool, complex, text, objects.
NpyDtype parse_npy_dtype(std::string_view descr, const std::string& file);

/// Appends values to those of an array: integers to bytes or floats, floats to floats.
/// @param bytes  whole values as the file has them
/// @param file   its name, for messages
/// @param first  for messages: the values of the file before those of `values`
/// @throws Error(kBadData) naming the first value that the result would not hold exactly, and how
///         to convert.
void append_values(const NpyDtype& dtype, std::string_view bytes, const std::string& file,
                   std::variant<std::vector<std::uint8_t>, std::vector<float>>& values,
                   std::size_t first = 0);

}  // namespace ebm::data
