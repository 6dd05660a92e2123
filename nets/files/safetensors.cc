#include "nets/files/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/foreign_format.h"
#include "base/quote.h"
#include "nets/files/metadata_text.h"
#include "nets/files/safetensors_header.h"

namespace ebm::nets {
namespace {

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kAlignment = 8;
constexpr std::size_t kLarge = std::size_t{1} << 20;

std::string json_string(const std::string& text) {
  try {
    return nlohmann::json(text).dump();
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorCode::kUsage, "safetensors: " + base::quote(text) + " is not UTF-8");
  }
}

std::string json_list(const std::vector<std::int64_t>& values) {
  std::string text = "[";
  for (const std::int64_t value : values) {
    if (text.size() > 1) text += ',';
    text += std::to_string(value);
  }
  return text + "]";
}

/// Product of a shape. @throws Error(kShape) if a size is negative or the product overflows.
std::int64_t product_of(const std::vector<std::int64_t>& shape) {
  std::int64_t product = 1;
  for (const std::int64_t size : shape) {
    // Bytes are counted in the same type, so room is left for the widest value.
    if (size < 0 || (size > 0 && product > std::numeric_limits<std::int64_t>::max() / 8 / size)) {
      throw Error(ErrorCode::kShape,
                  "a tensor of shape " + json_list(shape) + " is too large or has a negative size");
    }
    product *= size;
  }
  return product;
}

template <class T>
TensorData make_tensor(DType dtype, std::vector<std::int64_t> shape, std::span<const T> values) {
  TensorData tensor{.dtype = dtype, .shape = std::move(shape), .bytes = {}};
  if (static_cast<std::size_t>(tensor.n_values()) != values.size()) {
    throw Error(ErrorCode::kShape, "a tensor of shape " + json_list(tensor.shape) + " was given " +
                                       std::to_string(values.size()) + " values, must be " +
                                       std::to_string(tensor.n_values()));
  }
  const auto bytes = std::as_bytes(values);
  tensor.bytes.assign(bytes.begin(), bytes.end());
  return tensor;
}

template <class T>
std::span<const T> view(const TensorData& tensor, DType dtype) {
  if (tensor.dtype != dtype) {
    throw Error(ErrorCode::kBadData, "a tensor has dtype " + std::string(dtype_name(tensor.dtype)) +
                                         ", must be " + std::string(dtype_name(dtype)));
  }
  return {reinterpret_cast<const T*>(tensor.bytes.data()), tensor.bytes.size() / sizeof(T)};
}

/// Of bytes that are no safetensors file: says what they are, if that is known.
void refuse_other_formats(std::string_view bytes, std::string_view origin) {
  std::string found;
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("\x80\x02")) {
    // A zip archive, or a pickle of old versions.
    found =
        "is a file of torch.save, which is not read; save the weights by "
        "safetensors.torch.save_file(model.state_dict(), FILE), and give that to ebm import";
  } else if (const std::string format = base::foreign_format(bytes); !format.empty()) {
    found = "is no safetensors file" + format;
  }
  if (!found.empty()) throw Error(ErrorCode::kBadData, std::string(origin) + ": " + found);
}

}  // namespace

std::string_view dtype_name(DType dtype) {
  switch (dtype) {
    case DType::kF32:
      return "F32";
    case DType::kU8:
      return "U8";
    case DType::kI32:
      return "I32";
    case DType::kI64:
      return "I64";
    case DType::kF64:
      return "F64";
    case DType::kF16:
      return "F16";
    case DType::kBF16:
      return "BF16";
  }
  throw Error(ErrorCode::kInternal, "a dtype of unknown kind");
}

std::int64_t dtype_size(DType dtype) {
  switch (dtype) {
    case DType::kU8:
      return 1;
    case DType::kF16:
    case DType::kBF16:
      return 2;
    case DType::kF32:
    case DType::kI32:
      return 4;
    case DType::kI64:
    case DType::kF64:
      return 8;
  }
  throw Error(ErrorCode::kInternal, "a dtype of unknown kind");
}

TensorData TensorData::from_floats(std::vector<std::int64_t> shape, std::span<const float> values) {
  return make_tensor(DType::kF32, std::move(shape), values);
}
TensorData TensorData::from_bytes(std::vector<std::int64_t> shape,
                                  std::span<const std::uint8_t> values) {
  return make_tensor(DType::kU8, std::move(shape), values);
}
TensorData TensorData::from_int32s(std::vector<std::int64_t> shape,
                                   std::span<const std::int32_t> values) {
  return make_tensor(DType::kI32, std::move(shape), values);
}
TensorData TensorData::from_int64s(std::vector<std::int64_t> shape,
                                   std::span<const std::int64_t> values) {
  return make_tensor(DType::kI64, std::move(shape), values);
}

std::span<const float> TensorData::as_floats() const { return view<float>(*this, DType::kF32); }
std::span<const std::uint8_t> TensorData::as_bytes() const {
  return view<std::uint8_t>(*this, DType::kU8);
}
std::span<const std::int32_t> TensorData::as_int32s() const {
  return view<std::int32_t>(*this, DType::kI32);
}
std::span<const std::int64_t> TensorData::as_int64s() const {
  return view<std::int64_t>(*this, DType::kI64);
}

std::int64_t TensorData::n_values() const { return product_of(shape); }

const TensorData& SafetensorsFile::tensor(std::string_view name) const {
  const auto found = tensors.find(name);
  if (found == tensors.end()) {
    throw Error(ErrorCode::kBadData, "there is no tensor " + base::quote(name));
  }
  return found->second;
}

std::string safetensors_bytes(const TensorViews& tensors, const Metadata& metadata) {
  return safetensors_pieces(tensors, metadata).joined();
}

base::FilePieces safetensors_pieces(const TensorViews& tensors, const Metadata& metadata) {
  using Entry = std::pair<const std::string, TensorView>;
  std::vector<const Entry*> order;
  for (const Entry& entry : tensors) {
    if (entry.first == kMetadataName) {
      throw Error(ErrorCode::kUsage, "safetensors: a tensor may not be named \"__metadata__\"");
    }
    const auto n_bytes = product_of(entry.second.shape) * dtype_size(entry.second.dtype);
    if (static_cast<std::size_t>(n_bytes) != entry.second.bytes.size()) {
      throw Error(ErrorCode::kShape, "safetensors: tensor " + base::quote(entry.first) +
                                         " of shape " + json_list(entry.second.shape) + " has " +
                                         std::to_string(entry.second.bytes.size()) +
                                         " bytes, must have " + std::to_string(n_bytes));
    }
    order.push_back(&entry);
  }
  std::stable_sort(order.begin(), order.end(), [](const Entry* a, const Entry* b) {
    return dtype_size(a->second.dtype) > dtype_size(b->second.dtype);
  });

  std::string header = "{";
  if (!metadata.empty()) {
    header += "\"" + std::string(kMetadataName) + "\":{";
    for (const auto& [key, value] : encode_metadata(metadata)) {
      if (header.back() != '{') header += ',';
      header += json_string(key) + ":" + json_string(value);
    }
    header += '}';
  }
  std::size_t end = 0;
  for (const Entry* entry : order) {
    const std::size_t begin = std::exchange(end, end + entry->second.bytes.size());
    if (header.size() > 1) header += ',';
    header += json_string(entry->first) + ":{\"dtype\":\"" +
              std::string(dtype_name(entry->second.dtype)) +
              "\",\"shape\":" + json_list(entry->second.shape) + ",\"data_offsets\":[" +
              std::to_string(begin) + "," + std::to_string(end) + "]}";
  }
  header += '}';
  header.append((kAlignment - header.size() % kAlignment) % kAlignment, ' ');
  if (header.size() > kMaxHeaderBytes) {
    throw Error(ErrorCode::kUsage, "safetensors: the header has " + std::to_string(header.size()) +
                                       " bytes, must have at most 100 MB; shorten the metadata");
  }

  const std::uint64_t length = header.size();
  std::string first(kLengthBytes, '\0');
  std::memcpy(first.data(), &length, kLengthBytes);
  base::FilePieces pieces(first + header);
  for (const Entry* entry : order) {
    const auto& data = entry->second.bytes;
    if (data.size() >= kLarge) {
      pieces.add_view(data);
    } else {
      pieces.add(std::string(reinterpret_cast<const char*>(data.data()), data.size()));
    }
  }
  return pieces;
}

std::string safetensors_bytes(const SafetensorsFile& file) {
  TensorViews views;
  for (const auto& [name, tensor] : file.tensors) {
    views.emplace(name, TensorView{tensor.dtype, tensor.shape, tensor.bytes});
  }
  return safetensors_bytes(views, file.metadata);
}

SafetensorsFile parse_safetensors(std::string_view bytes, std::string_view origin) {
  const auto fail = [&](const std::string& problem) {
    throw Error(ErrorCode::kBadData, std::string(origin) + ": " + problem);
  };
  std::uint64_t length = 0;
  bytes.copy(reinterpret_cast<char*>(&length), kLengthBytes);
  if (bytes.size() < kLengthBytes || length > bytes.size() - kLengthBytes) {
    refuse_other_formats(bytes, origin);
  }
  if (bytes.size() < kLengthBytes) {
    fail("has " + std::to_string(bytes.size()) + " bytes, but a safetensors file has at least 8");
  }
  bytes.remove_prefix(kLengthBytes);
  if (length > kMaxHeaderBytes) {
    fail("the header length is " + std::to_string(length) +
         " bytes, must be at most 100 MB; this may be no safetensors file");
  }
  if (length > bytes.size()) {
    fail("the header length is " + std::to_string(length) + " bytes, but only " +
         std::to_string(bytes.size()) + " follow; the file is cut short or no safetensors file");
  }
  SafetensorsHeader header = parse_safetensors_header(bytes.substr(0, length), origin);
  bytes.remove_prefix(length);

  std::stable_sort(header.tensors.begin(), header.tensors.end(), [](const auto& a, const auto& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  SafetensorsFile file;
  file.metadata = decode_metadata(std::move(header.metadata));
  std::uint64_t expected = 0;
  for (TensorEntry& entry : header.tensors) {
    const std::string where = "tensor " + base::quote(entry.name);
    if (entry.begin != expected) {
      fail(where + " begins at byte " + std::to_string(entry.begin) + " of the data, must be " +
           std::to_string(expected) + ", where the one before it ends");
    }
    if (entry.end < entry.begin || entry.end > bytes.size()) {
      fail(where + " ends at byte " + std::to_string(entry.end) + " of the data, must be from " +
           std::to_string(entry.begin) + " to " + std::to_string(bytes.size()) +
           "; the file may be cut short");
    }
    TensorData tensor{.dtype = entry.dtype, .shape = std::move(entry.shape), .bytes = {}};
    std::int64_t n_values = 0;
    try {
      n_values = tensor.n_values();
    } catch (const Error& error) {
      fail(where + ": " + error.what());
    }
    const auto n_bytes = static_cast<std::uint64_t>(n_values * dtype_size(tensor.dtype));
    if (entry.end - entry.begin != n_bytes) {
      fail(where + " has " + std::to_string(entry.end - entry.begin) + " bytes, but " +
           std::string(dtype_name(tensor.dtype)) + " of shape " + json_list(tensor.shape) +
           " takes " + std::to_string(n_bytes));
    }
    const auto data = std::as_bytes(std::span(bytes.substr(entry.begin, n_bytes)));
    tensor.bytes.assign(data.begin(), data.end());
    file.tensors.emplace(std::move(entry.name), std::move(tensor));
    expected = entry.end;
  }
  if (expected != bytes.size()) {
    fail("the data have " + std::to_string(bytes.size()) + " bytes, but the tensors end at " +
         std::to_string(expected));
  }
  return file;
}

SafetensorsFile read_safetensors(const std::filesystem::path& path) {
  return parse_safetensors(base::read_file(path), path.string());
}

void write_safetensors(const std::filesystem::path& path, const SafetensorsFile& file) {
  base::write_file_atomically(path, safetensors_bytes(file));
}

}  // namespace ebm::nets
