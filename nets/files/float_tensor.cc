#include "nets/files/float_tensor.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/number_text.h"
#include "base/quote.h"

namespace ebm::nets {
namespace {

/// Values of the tensor one by one: bytes may lie at any address.
template <class T>
std::vector<T> values_of(const TensorData& tensor) {
  std::vector<T> values(tensor.bytes.size() / sizeof(T));
  std::memcpy(values.data(), tensor.bytes.data(), values.size() * sizeof(T));
  return values;
}

template <class T, class Convert>
std::vector<float> converted(const TensorData& tensor, const std::string& name,
                             const Convert& convert) {
  std::vector<float> floats;
  floats.reserve(tensor.bytes.size() / sizeof(T));
  for (const T value : values_of<T>(tensor)) {
    const float nearest = convert(value);
    if (!std::isfinite(nearest)) {
      double found = double{nearest};
      if constexpr (std::is_same_v<T, double>) found = value;
      throw Error(
          ErrorCode::kBadData,
          "tensor " + base::quote(name) + " holds " + base::number_text(found) +
              (std::isfinite(found) ? ", which float32 cannot hold" : "; expected finite weights"));
    }
    floats.push_back(nearest);
  }
  return floats;
}

}  // namespace

float half_value(std::uint16_t bits) {
  const std::uint32_t sign = std::uint32_t{bits & 0x8000u} << 16;
  const std::uint32_t exponent = (bits >> 10) & 0x1fu;
  const std::uint32_t mantissa = bits & 0x3ffu;
  if (exponent == 0) {
    const float size = static_cast<float>(mantissa) * 0x1p-24f;  // zero and subnormals
    return sign != 0 ? -size : size;
  }
  // The exponents' biases are 15 and 127; the largest stands for infinity and NaN in both.
  const std::uint32_t wide = exponent == 0x1fu ? 0xffu : exponent + 112;
  return std::bit_cast<float>(sign | wide << 23 | mantissa << 13);
}

float bfloat16_value(std::uint16_t bits) { return std::bit_cast<float>(std::uint32_t{bits} << 16); }

TensorData to_float32(const TensorData& tensor, const std::string& name) {
  std::vector<float> floats;
  switch (tensor.dtype) {
    case DType::kF32:
      floats = converted<float>(tensor, name, [](float value) { return value; });
      break;
    case DType::kF64:
      floats = converted<double>(tensor, name, [](double x) { return static_cast<float>(x); });
      break;
    case DType::kF16:
      floats = converted<std::uint16_t>(tensor, name, half_value);
      break;
    case DType::kBF16:
      floats = converted<std::uint16_t>(tensor, name, bfloat16_value);
      break;
    default:
      throw Error(ErrorCode::kBadData, "tensor " + base::quote(name) + " has dtype " +
                                           std::string(dtype_name(tensor.dtype)) +
                                           "; weights must be F32, F64, F16 or BF16");
  }
  return TensorData::from_floats(tensor.shape, floats);
}

}  // namespace ebm::nets
