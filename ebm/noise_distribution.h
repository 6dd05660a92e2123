#pragma once

#include <cstdint>
#include <span>

#include "base/random.h"

namespace ebm {

/// What noise-contrastive training tells data from: draws whose density is known.
class NoiseDistribution {
 public:
  virtual ~NoiseDistribution() = default;
  virtual std::int64_t dim() const = 0;
  /// Draws of the streams first, first + 1, ...; bits depend on no number of threads.
  /// @param rows  [n, dim], written
  virtual void draw(const base::RandomKey& key, std::uint64_t first,
                    std::span<float> rows) const = 0;
  /// ln p_n(x), in nats.
  /// @param rows    [n, dim]
  /// @param values  [n], written
  virtual void log_density(std::span<const float> rows, std::span<float> values) const = 0;
};

}  // namespace ebm
