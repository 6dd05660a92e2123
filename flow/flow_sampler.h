#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/random.h"
#include "flow/inverse.h"

namespace ebm::flow {

struct FlowSamples {
  std::vector<float> rows;           ///< [n, dim]
  std::vector<BlockInverse> blocks;  ///< of all groups: the most iterations, the largest bounds
};

/// F⁻¹ of rows [n, dim] in groups of 32, n_threads of them side by side; no bit depends on them.
/// Nothing if `stop` was set on the way.
/// @param flow  with tensors that need no gradient (ResidualFlow::frozen)
std::optional<FlowSamples> invert_rows(const ResidualFlow& flow, std::span<const float> z,
                                       const std::vector<double>& lipschitz, double tolerance,
                                       int n_threads, const std::atomic<int>& stop);

/// F⁻¹(F(x)) of rows [n, dim], likewise; the latents between keep the flow's precision.
std::optional<FlowSamples> there_and_back(const ResidualFlow& flow, std::span<const float> rows,
                                          double tolerance, int n_threads,
                                          const std::atomic<int>& stop);

/// How far F⁻¹(F(x)) is from x.
struct RoundTrip {
  double max_error = 0.0, rms_error = 0.0;  ///< of the values of all rows
  std::vector<BlockInverse> blocks;
};

/// Compares the rows with what there_and_back() makes of them.
std::optional<RoundTrip> round_trip(const ResidualFlow& flow, std::span<const float> rows,
                                    double tolerance, int n_threads, const std::atomic<int>& stop);

/// n draws of the flow: F⁻¹ of z ~ N(0, temperature·I), the latent of sample i from stream
/// first + i.
std::optional<FlowSamples> draw_samples(const ResidualFlow& flow, std::int64_t n,
                                        double temperature, const base::RandomKey& key,
                                        std::uint64_t first, double tolerance, int n_threads,
                                        const std::atomic<int>& stop);

}  // namespace ebm::flow
