#include "nets/architecture/condition.h"

#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/number_text.h"
#include "base/quote.h"

namespace ebm::nets {

std::int64_t context_dim(const Architecture& architecture) {
  return (architecture.classes > 0 ? 1 : 0) + (architecture.noise_level ? 1 : 0);
}

std::array<float, kLevelFeatures> level_features(float sigma) {
  std::array<float, kLevelFeatures> features{};
  const double log_level = std::log(static_cast<double>(sigma));
  for (std::size_t k = 0; k < kLevelFrequencies.size(); ++k) {
    const double angle = kLevelFrequencies[k] * log_level;
    features[k] = static_cast<float>(std::sin(angle));
    features[kLevelFrequencies.size() + k] = static_cast<float>(std::cos(angle));
  }
  return features;
}

std::array<float, kLevelFeatures> level_feature_slopes(float sigma) {
  std::array<float, kLevelFeatures> slopes{};
  const double log_level = std::log(static_cast<double>(sigma));
  for (std::size_t k = 0; k < kLevelFrequencies.size(); ++k) {
    const double frequency = kLevelFrequencies[k], angle = frequency * log_level;
    slopes[k] = static_cast<float>(frequency * std::cos(angle));
    slopes[kLevelFrequencies.size() + k] = static_cast<float>(-frequency * std::sin(angle));
  }
  return slopes;
}

std::vector<float> neutral_context(const Architecture& architecture) {
  std::vector<float> context;
  if (architecture.classes > 0) context.push_back(static_cast<float>(architecture.classes));
  if (architecture.noise_level) context.push_back(1.0f);
  return context;
}

void require_context(const Architecture& architecture, std::span<const float> context,
                     std::int64_t n) {
  const std::int64_t dim = context_dim(architecture);
  if (std::ssize(context) != n * dim) {
    throw Error(ErrorCode::kShape,
                "the context of " + std::to_string(n) + " items has " +
                    std::to_string(context.size()) + " numbers, must have " + std::to_string(dim) +
                    " for each: the network has " +
                    (architecture.classes > 0 ? std::to_string(architecture.classes) : "no") +
                    " classes and " + (architecture.noise_level ? "a" : "no") + " noise level");
  }
  for (std::int64_t i = 0; i < n; ++i) {
    const auto own = context.subspan(static_cast<std::size_t>(i * dim));
    const float most = static_cast<float>(architecture.classes);
    if (architecture.classes > 0 &&
        !(own[0] >= 0.0f && own[0] <= most && own[0] == std::floor(own[0]))) {
      throw Error(ErrorCode::kUsage,
                  "the label of item " + std::to_string(i) + " is " + base::number_text(own[0]) +
                      ", must be an integer from 0 to " + std::to_string(architecture.classes) +
                      ", which means none");
    }
    if (!architecture.noise_level) continue;
    const float sigma = own[static_cast<std::size_t>(dim - 1)];
    // Denormals count as 0 in a walk.
    if (!(sigma >= std::numeric_limits<float>::min()) || !std::isfinite(sigma)) {
      throw Error(ErrorCode::kUsage, "the noise level of item " + std::to_string(i) + " is " +
                                         base::number_text(sigma) +
                                         ", must be positive, normal and finite");
    }
  }
}

void require_unconditional(const Architecture& architecture, const std::string& what) {
  if (context_dim(architecture) == 0) return;
  throw Error(ErrorCode::kShape, "network " + base::quote(architecture.name) + ": " + what +
                                     " takes no classes and no noise level");
}

}  // namespace ebm::nets
