#include "flow/flow_sampler.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "samplers/initial_states.h"
#include "torch_nets/row_groups.h"
#include "torch_nets/torch_net.h"

namespace ebm::flow {
namespace {

/// Of the norms of layers, for the bounds of the inverse.
constexpr int kNormIterations = 100;

void keep_worst(const std::vector<BlockInverse>& from, std::vector<BlockInverse>& worst) {
  if (worst.empty()) worst.resize(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    worst[i].lipschitz = from[i].lipschitz;
    worst[i].bound_iterations = std::max(worst[i].bound_iterations, from[i].bound_iterations);
    worst[i].iterations = std::max(worst[i].iterations, from[i].iterations);
    worst[i].error_bound = std::max(worst[i].error_bound, from[i].error_bound);
  }
}

/// `work` of each group of rows [n, dim], in the flow's precision.
std::optional<FlowSamples> over_groups(const ResidualFlow& flow, std::span<const float> rows,
                                       int n_threads, const std::atomic<int>& stop,
                                       const std::function<Inverse(const torch::Tensor&)>& work) {
  const std::int64_t dim = flow.architecture().item.size();
  const std::int64_t n = static_cast<std::int64_t>(rows.size()) / dim;
  const torch::Dtype type = flow.tensors().front().scalar_type();
  FlowSamples samples{.rows = std::vector<float>(rows.size()), .blocks = {}};
  std::vector<std::vector<BlockInverse>> of_groups(torch_nets::n_row_groups(n));
  const bool done =
      torch_nets::for_each_row_group(n, n_threads, stop, [&](const torch_nets::RowGroup& group) {
        const Inverse found = work(torch_nets::rows_of(rows, group, dim).to(type));
        const auto values = torch_nets::to_vector(found.x);
        std::copy(values.begin(), values.end(), samples.rows.data() + group.first * dim);
        of_groups[group.index] = found.blocks;
      });
  if (!done) return std::nullopt;
  for (const auto& blocks : of_groups) keep_worst(blocks, samples.blocks);
  return samples;
}

}  // namespace

std::optional<FlowSamples> invert_rows(const ResidualFlow& flow, std::span<const float> z,
                                       const std::vector<double>& lipschitz, double tolerance,
                                       int n_threads, const std::atomic<int>& stop) {
  return over_groups(flow, z, n_threads, stop, [&](const torch::Tensor& group) {
    return invert(flow, group, lipschitz, tolerance);
  });
}

std::optional<FlowSamples> there_and_back(const ResidualFlow& flow, std::span<const float> rows,
                                          double tolerance, int n_threads,
                                          const std::atomic<int>& stop) {
  const auto lipschitz = flow.lipschitz_constants(kNormIterations);
  return over_groups(flow, rows, n_threads, stop, [&](const torch::Tensor& group) {
    return invert(flow, flow.forward(group), lipschitz, tolerance);
  });
}

std::optional<FlowSamples> draw_samples(const ResidualFlow& flow, std::int64_t n,
                                        double temperature, const base::RandomKey& key,
                                        std::uint64_t first, double tolerance, int n_threads,
                                        const std::atomic<int>& stop) {
  const std::int64_t dim = flow.architecture().item.size();
  std::vector<float> z(static_cast<std::size_t>(n * dim));
  samplers::draw_initial_states(key, first, dim, std::nullopt, z);
  const auto scale = static_cast<float>(std::sqrt(temperature));
  for (float& value : z) value *= scale;
  const ResidualFlow frozen = flow.frozen(flow.tensors().front().scalar_type());
  return invert_rows(frozen, z, frozen.lipschitz_constants(kNormIterations), tolerance, n_threads,
                     stop);
}

std::optional<RoundTrip> round_trip(const ResidualFlow& flow, std::span<const float> rows,
                                    double tolerance, int n_threads, const std::atomic<int>& stop) {
  const auto found = there_and_back(flow, rows, tolerance, n_threads, stop);
  if (!found) return std::nullopt;
  RoundTrip trip{.blocks = found->blocks};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double error = std::abs(double{found->rows[i]} - double{rows[i]});
    trip.max_error = std::max(trip.max_error, error);
    trip.rms_error += error * error;
  }
  trip.rms_error = std::sqrt(trip.rms_error / static_cast<double>(rows.size()));
  return trip;
}

}  // namespace ebm::flow
