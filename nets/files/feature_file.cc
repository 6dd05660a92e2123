#include "nets/files/feature_file.h"

#include <zlib.h>

#include <charconv>
#include <cstdio>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/number_text.h"
#include "base/quote.h"
#include "nets/architecture/condition.h"
#include "nets/files/architecture_toml.h"

namespace ebm::nets {
namespace {

constexpr const char* kArchitectureKey = "architecture";
constexpr const char* kLayersKey = "feature_layers";
constexpr const char* kAccuracyKey = "test_accuracy";
constexpr const char* kSplitKey = "accuracy_split";
constexpr const char* kDataKey = "data";
constexpr const char* kSeedKey = "seed";
constexpr const char* kEpochsKey = "epochs";

/// An entry of the metadata.
const std::string& text_of(const SafetensorsFile& file, const char* key,
                           const std::string& origin) {
  const auto found = file.metadata.find(key);
  if (found != file.metadata.end()) return found->second;
  throw Error(ErrorCode::kBadData, origin + ": its metadata has no " + std::string(key) +
                                       "; expected a file written by ebm features train");
}

template <class Number>
Number number_of(const SafetensorsFile& file, const char* key, const std::string& origin) {
  const std::string& text = text_of(file, key, origin);
  Number value{};
  const char* end = text.data() + text.size();
  const auto found = std::from_chars(text.data(), end, value);
  if (found.ec == std::errc() && found.ptr == end) return value;
  throw Error(ErrorCode::kBadData, origin + ": its " + std::string(key) + " is " +
                                       base::quote(text) + ", expected a number");
}

}  // namespace

std::string FeatureFile::layer_text() const {
  const auto last = static_cast<std::size_t>(feature_layers - 1);
  return layer_path("layer ", last, architecture.layers.at(last)) + ", " +
         std::to_string(infer_shapes(architecture)[last].size()) + " values";
}

std::int64_t penultimate_layers(const Architecture& architecture) {
  const auto n = static_cast<std::int64_t>(architecture.layers.size());
  if (n < 2 || !std::holds_alternative<Linear>(architecture.layers.back().op)) {
    throw Error(ErrorCode::kShape, "network " + base::quote(architecture.name) +
                                       ": a classifier ends with a linear layer, one value per "
                                       "class, and has others before it");
  }
  return n - 1;
}

SafetensorsFile to_safetensors(const FeatureFile& features) {
  SafetensorsFile file = features.weights;
  file.metadata["format"] = "pt";  // what Python loaders ask for
  file.metadata[kArchitectureKey] = architecture_to_toml(features.architecture);
  file.metadata[kLayersKey] = std::to_string(features.feature_layers);
  file.metadata[kAccuracyKey] = base::exact_text(features.test_accuracy);
  file.metadata[kSplitKey] = features.accuracy_split;
  file.metadata[kDataKey] = features.data;
  file.metadata[kSeedKey] = std::to_string(features.seed);
  file.metadata[kEpochsKey] = std::to_string(features.epochs);
  return file;
}

FeatureFile read_feature_file(const std::filesystem::path& path) {
  FeatureFile features;
  features.origin = path.string();
  const std::string bytes = base::read_file(path);
  features.weights = parse_safetensors(bytes, features.origin);
  const SafetensorsFile& file = features.weights;
  features.feature_layers = number_of<std::int64_t>(file, kLayersKey, features.origin);
  features.architecture =
      architecture_from_toml(text_of(file, kArchitectureKey, features.origin),
                             features.origin + " (architecture)", std::nullopt, Outputs::kAny);
  require_unconditional(features.architecture, "the feature network " + features.origin);
  const auto n_layers = static_cast<std::int64_t>(features.architecture.layers.size());
  if (features.feature_layers < 1 || features.feature_layers > n_layers) {
    throw Error(ErrorCode::kBadData, features.origin + ": its feature_layers is " +
                                         std::to_string(features.feature_layers) +
                                         ", expected from 1 to " + std::to_string(n_layers));
  }
  features.test_accuracy = number_of<double>(file, kAccuracyKey, features.origin);
  if (file.metadata.contains(kSplitKey)) features.accuracy_split = file.metadata.at(kSplitKey);
  features.data = text_of(file, kDataKey, features.origin);
  features.seed = number_of<std::uint64_t>(file, kSeedKey, features.origin);
  features.epochs = number_of<std::int64_t>(file, kEpochsKey, features.origin);
  char crc[9];
  std::snprintf(crc, sizeof crc, "%08lx",
                static_cast<unsigned long>(
                    crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size())));
  features.crc32 = crc;
  return features;
}

}  // namespace ebm::nets
