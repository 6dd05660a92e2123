#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nets/architecture/architecture.h"

namespace ebm::nets {

// The conditions of a network as the context of a chain, numbers beside its item:
//   classes                [label]
//   noise level            [σ]
//   classes, noise level   [label, σ]
// A label is an integer from 0 to `classes`, as a float; `classes` itself means "none". σ is
// positive.

/// Labels are floats, which are exact up to here.
inline constexpr std::int64_t kMaxClasses = std::int64_t{1} << 24;

/// Features of a noise level σ are sines and cosines of these multiples of ln σ: the slowest tells
/// apart levels that differ by a factor of e^(4π), the fastest goes round once in a factor of 2.2.
inline constexpr std::array<double, 6> kLevelFrequencies = {0.25, 0.5, 1.0, 2.0, 4.0, 8.0};
/// 2F: a sine and a cosine for each.
inline constexpr std::int64_t kLevelFeatures = 2 * kLevelFrequencies.size();

/// Numbers of the context of a chain: 0, 1 or 2.
std::int64_t context_dim(const Architecture& architecture);

/// The context of a chain with the label none and the noise level 1, as far as the network has
/// these: [context_dim].
std::vector<float> neutral_context(const Architecture& architecture);

/// sin(ω_0 ln σ), ..., sin(ω_{F−1} ln σ), cos(ω_0 ln σ), ..., cos(ω_{F−1} ln σ), computed in double
/// precision.
std::array<float, kLevelFeatures> level_features(float sigma);

/// Their derivatives by ln σ: ω_0 cos(ω_0 ln σ), ..., −ω_0 sin(ω_0 ln σ), ...
std::array<float, kLevelFeatures> level_feature_slopes(float sigma);

/// Checks the context of n items.
/// @param context  [n, context_dim]
/// @throws Error(kShape) if it has another size, as where a conditional network gets none;
///         Error(kUsage) naming the item whose label is no integer from 0 to `classes`, or whose
///         noise level is not a positive normal number.
void require_context(const Architecture& architecture, std::span<const float> context,
                     std::int64_t n);

/// @param what  what the network is for, "a critic"
/// @throws Error(kShape) if the network has conditions.
void require_unconditional(const Architecture& architecture, const std::string& what);

}  // namespace ebm::nets
