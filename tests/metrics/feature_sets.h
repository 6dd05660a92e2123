#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "metrics/features.h"
#include "tests/samplers/message_of.h"

namespace ebm::metrics {

using samplers::contains;
using samplers::message_of;

/// A feature matrix that owns its storage.
struct Features {
  std::vector<float> values;
  std::int64_t n;
  std::int64_t d;

  FeatureView view(const std::string& name = "features") const { return {values, n, d, name}; }
};

/// Points of the line, [n, 1].
inline Features on_a_line(std::vector<float> values) {
  const std::int64_t n = std::ssize(values);
  return {std::move(values), n, 1};
}

/// Uniform on [−1, 1) in steps of 2⁻²³ from a generator of one line, so that other programs can
/// make the same numbers: s <- s·6364136223846793005 + 1442695040888963407 mod 2⁶⁴, of which the
/// upper 24 bits count.
inline Features lcg_features(std::int64_t n, std::int64_t d, std::uint64_t seed, float scale = 1.0f,
                             float shift = 0.0f) {
  Features out{{}, n, d};
  for (std::int64_t i = 0; i < n * d; ++i) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    const auto uniform = static_cast<float>(static_cast<double>(seed >> 40) * 0x1p-23 - 1.0);
    out.values.push_back(uniform * scale + shift);
  }
  return out;
}

/// The two sets whose distances were also computed by other programs: NumPy 2.4.6, SciPy 1.17.1,
/// scikit-learn 1.9.1 and prdc 0.2, in double precision.
inline Features checked_reference() { return lcg_features(300, 6, 1); }
inline Features checked_samples() { return lcg_features(200, 6, 2, 0.875f, 0.125f); }

/// N(shift, 1) in every coordinate.
inline Features normal_features(std::int64_t n, std::int64_t d, std::uint64_t seed,
                                float shift = 0.0f) {
  Features out{{}, n, d};
  base::RandomStream random({.seed = seed, .domain = base::Domain::kToyData}, 0);
  for (std::int64_t i = 0; i < n * d; ++i) {
    out.values.push_back(shift + static_cast<float>(random.next_normal()));
  }
  return out;
}

}  // namespace ebm::metrics
