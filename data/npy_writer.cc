#include "data/npy_writer.h"

#include <bit>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/npy.h"

namespace ebm::data {
namespace {

std::uint64_t n_values_of(std::span<const std::int64_t> shape) {
  std::uint64_t n = 1;
  for (const std::int64_t length : shape) n *= static_cast<std::uint64_t>(length);
  return n;
}

const std::filesystem::path& checked(const std::filesystem::path& path, std::uint64_t n_values) {
  base::require_free_space(path, 4 * n_values);
  return path;
}

}  // namespace

NpyWriter::NpyWriter(const std::filesystem::path& path, std::span<const std::int64_t> shape)
    : file_(checked(path, n_values_of(shape))), missing_(n_values_of(shape)) {
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
