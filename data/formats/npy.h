#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "data/on_read.h"

namespace ebm::data {

/// An array of NumPy, in C order.
struct NpyArray {
  std::vector<std::int64_t> shape;  ///< empty for a single number
  std::variant<std::vector<std::uint8_t>, std::vector<float>> values;
};

/// Parses the bytes of an .npy file, format 1, 2 or 3. uint8 and float32 are taken as they are. Of
/// other types, in either byte order, floats become float32; integers become uint8 in an array of
/// three or more axes (images), else float32; but only if no value is lost. Values in Fortran order
/// are put into C order. Lengths that the file cannot hold are found before memory is taken for
/// them.
/// @param file  its name, for messages
/// @throws Error(kBadData) with what was found and what was expected for another dtype, a value
///         that would not be held exactly, a bad header or shape, and missing or extra bytes.
/// Source: NumPy Enhancement Proposal 1 and numpy.lib.format.
NpyArray parse_npy(std::string_view bytes, const std::string& file);

/// parse_npy of a file, which is in memory once; also throws what InputFile does.
NpyArray read_npy(const std::filesystem::path& file, const OnRead& on_read = {});

/// The bytes of an .npy file (format 1.0, C order, dtype <f4 or |u1) that holds `values`.
/// @throws Error(kShape) if a length is negative or their product is not the number of values.
std::string npy_bytes(std::span<const float> values, std::span<const std::int64_t> shape);
std::string npy_bytes(std::span<const std::uint8_t> values, std::span<const std::int64_t> shape);

/// What comes before the float32 values of an array of that shape.
std::string npy_float_header(std::span<const std::int64_t> shape);

/// Writes npy_bytes to a file, whole or not at all.
/// @throws Error(kShape) as npy_bytes, Error(kIo) if it cannot be written.
void write_npy(const std::filesystem::path& file, std::span<const float> values,
               std::span<const std::int64_t> shape);
void write_npy(const std::filesystem::path& file, std::span<const std::uint8_t> values,
               std::span<const std::int64_t> shape);

}  // namespace ebm::data
