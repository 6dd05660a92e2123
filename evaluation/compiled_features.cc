#include "evaluation/compiled_features.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/number_text.h"
#include "base/parallel.h"
#include "base/printed.h"
#include "nets/files/read_layer_weights.h"
#include "samplers/simd/lane_count.h"

namespace ebm::evaluation {
namespace {

/// The first layers of the network with their weights.
nets::CompiledOutputs first_layers(const nets::FeatureFile& file, std::int64_t n_layers) {
  nets::LayerWeights weights =
      nets::read_layer_weights(file.architecture, file.weights, file.origin);
  nets::Architecture first = file.architecture;
  first.layers.erase(first.layers.begin() + static_cast<std::ptrdiff_t>(n_layers),
                     first.layers.end());
  const auto parameters = nets::parameters(first);
  weights.resize(static_cast<std::size_t>(
      std::ranges::count_if(parameters, [](const auto& each) { return each.is_used(); })));
  return {std::move(first), weights};
}

}  // namespace

std::string describe(const nets::FeatureFile& file) {
  return file.origin + " (crc32 " + file.crc32 + "): " + file.layer_text() + ", of " +
         file.architecture.name + ", trained on " + file.data + ", " +
         base::printed("%.2f %%", 100.0 * file.test_accuracy) + " right on the " +
         file.accuracy_split + " split";
}

nets::FeatureFile read_features(const std::filesystem::path& path, const nets::Shape& shape) {
  nets::FeatureFile file = nets::read_feature_file(path);
  if (file.architecture.input == shape) return file;
  throw Error(ErrorCode::kShape, file.origin + " gives features of images of " +
                                     nets::to_string(file.architecture.input) + "; these are of " +
                                     nets::to_string(shape));
}

void require_images(std::span<const float> rows, const nets::Shape& shape,
                    const std::string& name) {
  const std::int64_t dim = shape.size(), n_values = std::ssize(rows);
  if (n_values == 0 || n_values % dim != 0) {
    throw Error(ErrorCode::kShape, name + " has " + std::to_string(n_values) +
                                       " values; expected images of " + nets::to_string(shape));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (std::isfinite(rows[i])) continue;
    throw Error(ErrorCode::kBadData,
                name + ": image " + std::to_string(static_cast<std::int64_t>(i) / dim) + " holds " +
                    base::number_text(rows[i]) + "; expected finite values");
  }
}

CompiledFeatures::CompiledFeatures(const nets::FeatureFile& file)
    : shape_(file.architecture.input),
      description_(describe(file)),
      features_(first_layers(file, file.feature_layers)),
      logits_(first_layers(file, std::ssize(file.architecture.layers))) {}

ImageFeatures CompiledFeatures::features_of(std::span<const float> rows, const std::string& name,
                                            int n_threads, const OnImages& on_images) const {
  require_images(rows, shape_, name);
  const std::int64_t n = std::ssize(rows) / dim(), d = features_.n_outputs();
  ImageFeatures out{.n = n,
                    .d = d,
                    .values = std::vector<float>(static_cast<std::size_t>(n * d)),
                    .classes = std::vector<std::int64_t>(static_cast<std::size_t>(n))};
  const auto part_of = [](auto& all, std::int64_t first, std::int64_t size) {
    return std::span(all).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(size));
  };
  const auto evaluate = [&](std::int64_t first, std::int64_t n_rows) {
    const auto images = part_of(rows, first * dim(), n_rows * dim());
    const auto values = part_of(out.values, first * d, n_rows * d);
    features_.evaluate(images, values);
    std::vector<float> logits(static_cast<std::size_t>(n_rows * n_classes()));
    logits_.evaluate(images, logits);
    for (std::int64_t i = 0; i < n_rows; ++i) {
      if (!std::ranges::all_of(part_of(values, i * d, d),
                               [](float x) { return std::isfinite(x); })) {
        throw Error(ErrorCode::kBadData, description_ + " makes features of image " +
                                             std::to_string(first + i) + " that are not finite");
      }
      const auto of_image = part_of(logits, i * n_classes(), n_classes());
      out.classes[static_cast<std::size_t>(first + i)] =
          std::ranges::max_element(of_image) - of_image.begin();
    }
  };
  // In pieces, so that a watch sees how far it is.
  const std::int64_t piece = 2 * samplers::kLanes * n_threads;
  for (std::int64_t start = 0; start < n; start += piece) {
    const std::int64_t n_piece = std::min(piece, n - start);
    base::parallel_for((n_piece + samplers::kLanes - 1) / samplers::kLanes, n_threads,
                       [&](std::int64_t task) {
                         const std::int64_t first = start + task * samplers::kLanes;
                         evaluate(first, std::min(samplers::kLanes, start + n_piece - first));
                       });
    if (on_images) on_images(start + n_piece);
  }
  return out;
}

}  // namespace ebm::evaluation
