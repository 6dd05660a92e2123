#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/atomic_file.h"

namespace ebm::nets {

/// The types of values that are read. The program's own files have F32, U8, I32 and I64; weights of
/// other programs also have the others, which to_float32() converts.
enum class DType { kF32, kU8, kI32, kI64, kF64, kF16, kBF16 };

/// "F32", "U8", "I32", "I64", "F64", "F16" or "BF16", as the format spells them.
std::string_view dtype_name(DType dtype);
/// Bytes of one value.
std::int64_t dtype_size(DType dtype);

/// A tensor in C order.
struct TensorData {
  DType dtype = DType::kF32;
  std::vector<std::int64_t> shape;  ///< empty: a scalar, one value
  std::vector<std::byte> bytes;     ///< little-endian; n_values() · dtype_size(dtype) of them

  /// @throws Error(kShape) if the shape and the number of values differ.
  static TensorData from_floats(std::vector<std::int64_t> shape, std::span<const float> values);
  static TensorData from_bytes(std::vector<std::int64_t> shape,
                               std::span<const std::uint8_t> values);
  static TensorData from_int32s(std::vector<std::int64_t> shape,
                                std::span<const std::int32_t> values);
  static TensorData from_int64s(std::vector<std::int64_t> shape,
                                std::span<const std::int64_t> values);

  /// The values in place. @throws Error(kBadData) if the dtype is another.
  std::span<const float> as_floats() const;
  std::span<const std::uint8_t> as_bytes() const;
  std::span<const std::int32_t> as_int32s() const;
  std::span<const std::int64_t> as_int64s() const;

  /// Product of the shape. @throws Error(kShape) if a size is negative or the product overflows.
  std::int64_t n_values() const;
  bool operator==(const TensorData&) const = default;
};

/// A tensor whose bytes lie elsewhere.
struct TensorView {
  DType dtype = DType::kF32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;
};

using TensorViews = std::map<std::string, TensorView, std::less<>>;
/// Values may hold any bytes (metadata_text.h), keys are UTF-8.
using Metadata = std::map<std::string, std::string, std::less<>>;

/// The content of one .safetensors file.
struct SafetensorsFile {
  std::map<std::string, TensorData, std::less<>> tensors;
  Metadata metadata;

  /// @throws Error(kBadData) naming the tensor that is missing.
  const TensorData& tensor(std::string_view name) const;
  bool operator==(const SafetensorsFile&) const = default;
};

/// The file as bytes: 8 bytes of little-endian header length, a JSON header padded by spaces so
/// that the data start at a multiple of 8, then the data, the widest types first so that each
/// tensor is aligned. Equal content gives equal bytes.
/// @throws Error(kShape) for a tensor whose bytes do not fit its shape, Error(kUsage) for a name
///         that is not UTF-8 or a tensor named "__metadata__", which the format reserves.
/// Source: github.com/huggingface/safetensors, "Format".
std::string safetensors_bytes(const SafetensorsFile& file);
/// The same of tensors that lie elsewhere, without a second copy of them.
std::string safetensors_bytes(const TensorViews& tensors, const Metadata& metadata);

/// The same without any copy of tensors of 1 MiB or more, which are to stay as they are for as long
/// as the pieces are used.
base::FilePieces safetensors_pieces(const TensorViews& tensors, const Metadata& metadata);

/// Reads untrusted bytes; nothing is allocated that the bytes do not hold.
/// @param origin  names the file in messages
/// @throws Error(kBadData) naming the file and the entry at fault: cut short, a header beyond the
///         file or above 100 MB, bad or deep JSON, duplicate names, unknown dtypes, offsets that
///         overlap, leave gaps or bytes at the end, or differ from shape times dtype.
SafetensorsFile parse_safetensors(std::string_view bytes, std::string_view origin);

/// @throws Error(kNoInput) if there is no such file, Error(kIo), and as parse_safetensors().
SafetensorsFile read_safetensors(const std::filesystem::path& path);

/// Replaces `path` at once or not at all.
/// @throws Error(kIo) naming the path, and as safetensors_bytes().
void write_safetensors(const std::filesystem::path& path, const SafetensorsFile& file);

}  // namespace ebm::nets
