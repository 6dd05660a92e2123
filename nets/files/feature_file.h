#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "nets/architecture/architecture.h"
#include "nets/files/safetensors.h"

namespace ebm::nets {

/// A classifier in a safetensors file, the activations of one layer of which are features of
/// images. Everything but the weights is text in the metadata.
struct FeatureFile {
  Architecture architecture;            ///< the last output is one logit per class
  std::int64_t feature_layers = 0;      ///< the features are the output of the first so many layers
  double test_accuracy = 0.0;           ///< share of `accuracy_split` that it classifies correctly
  std::string accuracy_split = "test";  ///< or "training", where there was no test split
  std::string data;                     ///< SPEC of what it was trained on
  std::uint64_t seed = 0;
  std::int64_t epochs = 0;
  SafetensorsFile weights;  ///< tensors by PyTorch's names
  std::string origin;       ///< the file, for messages
  std::string crc32;        ///< of the file's bytes, 8 hexadecimal digits

  /// "layer 11 (relu), 64 values"
  std::string layer_text() const;
};

/// How many layers lead to the penultimate activations: all but the last linear layer.
/// @throws Error(kShape) unless the last layer is linear and something comes before it.
std::int64_t penultimate_layers(const Architecture& architecture);

/// The content of the file; origin and crc32 are not part of it.
SafetensorsFile to_safetensors(const FeatureFile& features);

/// @throws Error(kNoInput) if there is no such file, Error(kBadData) naming what is wrong with it,
///         Error(kShape) if the network is invalid or has conditions.
FeatureFile read_feature_file(const std::filesystem::path& path);

}  // namespace ebm::nets
