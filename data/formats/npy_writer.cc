#include "data/formats/npy_writer.h"

#include <bit>
#include <limits>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/formats/npy.h"

namespace ebm::data {
namespace {

/// @throws Error(kIo) if it is more than a file can hold
std::uint64_t n_values_of(const std::filesystem::path& path, std::span<const std::int64_t> shape) {
  std::uint64_t n = 1;
  bool fits = true;
  for (const std::int64_t length : shape) {
    fits &= !__builtin_mul_overflow(n, static_cast<std::uint64_t>(length), &n);
  }
  if (fits && n <= std::numeric_limits<std::int64_t>::max() / sizeof(float)) return n;
  throw Error(ErrorCode::kIo,
              "cannot write " + path.string() + ": needs more bytes than a file can have");
}

const std::filesystem::path& checked(const std::filesystem::path& path, std::uint64_t n_values) {
  base::require_free_space(path, sizeof(float) * n_values);
  return path;
}

}  // namespace

NpyWriter::NpyWriter(const std::filesystem::path& path, std::span<const std::int64_t> shape)
    : file_(checked(path, n_values_of(path, shape))), missing_(n_values_of(path, shape)) {
  const std::string header = npy_float_header(shape);
  file_.append(std::as_bytes(std::span(header.data(), header.size())));
}

void NpyWriter::append(std::span<const float> values) {
  if (values.size() > missing_) {
    throw Error(ErrorCode::kShape, std::to_string(values.size()) + " values for the " +
                                       std::to_string(missing_) + " that are left of an .npy file");
  }
  missing_ -= values.size();
  if constexpr (std::endian::native == std::endian::little) {
    file_.append(std::as_bytes(values));
  } else {
    std::vector<float> swapped(values.begin(), values.end());
    for (float& value : swapped) {
      value = std::bit_cast<float>(__builtin_bswap32(std::bit_cast<std::uint32_t>(value)));
    }
    file_.append(std::as_bytes(std::span<const float>(swapped)));
  }
}

void NpyWriter::finish() {
  if (missing_ != 0) {
    throw Error(ErrorCode::kShape,
                std::to_string(missing_) + " values of an .npy file are missing");
  }
  file_.commit();
}

}  // namespace ebm::data
