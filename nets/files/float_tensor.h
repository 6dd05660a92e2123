#pragma once

#include <cstdint>
#include <string>

#include "nets/files/safetensors.h"

namespace ebm::nets {

/// The value of a half-precision number (IEEE 754 binary16), exactly.
float half_value(std::uint16_t bits);
/// The value of a bfloat16 number, the upper half of a float32, exactly.
float bfloat16_value(std::uint16_t bits);

/// Weights as float32: F16 and BF16 exactly, F64 rounded to the nearest float32 (ties to even).
/// @param name  of the tensor, for messages
/// @throws Error(kBadData) naming the tensor for a type that is not a real number's, for a value
///         that is not finite, and for one beyond float32.
TensorData to_float32(const TensorData& tensor, const std::string& name);

}  // namespace ebm::nets
