#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "data/dataset.h"
#include "evaluation/feature_extractor.h"

namespace ebm::evaluation {

// What tests of features and of whole evaluations share: 300 images of 1x2x2 and two features.

inline constexpr std::int64_t kN = 300;
inline constexpr std::int64_t kValues = 4;

/// Images of 1x2x2 as floats.
inline data::Dataset some_images() {
  data::Dataset dataset;
  dataset.name = "waves";
  dataset.n = kN;
  dataset.shape = {1, 2, 2};
  std::vector<float> values(kN * kValues);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = 0.4f * std::sin(1.7f * static_cast<float>(i * i % 1009));
  }
  dataset.values = std::move(values);
  return dataset;
}

/// scale·x + shift of their values.
inline std::vector<float> moved(float scale, float shift) {
  auto rows = std::get<1>(some_images().values);
  for (float& x : rows) x = scale * x + shift;
  return rows;
}

/// The first two values of an image, the second one twice as large.
class TwoValues : public FeatureExtractor {
 public:
  std::int64_t dim() const override { return kValues; }
  std::int64_t n_classes() const override { return 0; }
  const std::string& description() const override { return description_; }
  ImageFeatures features_of(std::span<const float> rows, const std::string&, int,
                            const OnImages&) const override {
    ImageFeatures out{
        .n = static_cast<std::int64_t>(rows.size()) / kValues, .d = 2, .values = {}, .classes = {}};
    for (std::size_t i = 0; i < rows.size(); i += kValues) {
      out.values.insert(out.values.end(), {rows[i], 2.0f * rows[i + 1]});
    }
    return out;
  }

 private:
  std::string description_ = "two values";
};

}  // namespace ebm::evaluation
