#include "flow/flow_score.h"

#include <algorithm>
#include <cmath>

#include "base/require.h"
#include "data/bits_per_dim.h"
#include "torch_nets/row_groups.h"
#include "training/option_checks.h"

namespace ebm::flow {
namespace {

constexpr std::int64_t kMaxProbes = 10000;
/// Power iterations of the norms in the bound on what the series leaves out.
constexpr int kBoundIterations = 100;

/// ln p of rows that are number `first` and on.
torch::Tensor log_densities_of(const ResidualFlow& flow, torch::Tensor x, std::int64_t first,
                               const FlowScoreOptions& options) {
  const torch::AutoGradMode with_grad(true);
  x.requires_grad_(true);
  const LogDet log_det = options.log_det_of(x.size(1));
  std::uint64_t word = 0;
  return flow
      .log_density(
          x,
          [&](std::int64_t block, const torch::Tensor& at, const torch::Tensor& g) {
            if (log_det == LogDet::kExact) return exact_log_det(at, g, false);
            std::vector<double> weights(static_cast<std::size_t>(options.terms), 1.0);
            torch::Tensor sum = torch::zeros({at.size(0)}, at.options());
            for (std::int64_t probe = 0; probe < options.probes; ++probe) {
              if (log_det == LogDet::kRoulette) {
                // The same end of the series for the rows of a group.
                base::RandomStream random(
                    {options.seed, base::Domain::kRoulette}, static_cast<std::uint64_t>(first),
                    static_cast<std::uint64_t>((block * kMaxProbes + probe) * 65536));
                weights = roulette_weights(options.terms, options.roulette, random);
              }
              const auto v = draw_probes({options.seed, base::Domain::kProbe},
                                         static_cast<std::uint64_t>(first), at.sizes(), word)
                                 .to(at.scalar_type());
              sum += weighted_series(at, g, v, weights);
            }
            return sum / static_cast<double>(options.probes);
          })
      .detach();
}

}  // namespace

LogDet FlowScoreOptions::log_det_of(std::int64_t dim) const {
  if (log_det != LogDet::kAuto) return log_det;
  return dim <= kMaxExactDim ? LogDet::kExact : LogDet::kSeries;
}

void FlowScoreOptions::validate() const {
  training::require_in_range("terms", terms, 1, kMaxTerms);
  training::require_in_range("probes", probes, 1, kMaxProbes);
  if (!(roulette > 0.0 && roulette < 1.0)) {
    training::refuse("roulette", roulette, "above 0 and below 1");
  }
}

std::optional<std::vector<double>> log_densities(const ResidualFlow& flow,
                                                 std::span<const float> rows,
                                                 const FlowScoreOptions& options,
                                                 const std::atomic<int>& stop) {
  options.validate();
  const std::int64_t dim = flow.architecture().item.size();
  const std::int64_t n = static_cast<std::int64_t>(rows.size()) / dim;
  const torch::Dtype type = flow.tensors().front().scalar_type();
  std::vector<double> result(static_cast<std::size_t>(n));
  const bool done = torch_nets::for_each_row_group(
      n, options.n_threads, stop, [&](const torch_nets::RowGroup& group) {
        const auto values = log_densities_of(flow, torch_nets::rows_of(rows, group, dim).to(type),
                                             group.first, options)
                                .to(torch::kFloat64)
                                .contiguous();
        std::copy_n(values.data_ptr<double>(), group.n, result.data() + group.first);
      });
  if (!done) return std::nullopt;
  return result;
}

DensitySummary summarize_densities(const std::vector<double>& log_p, const data::Dataset& dataset,
                                   const ResidualFlow& flow, const FlowScoreOptions& options) {
  DensitySummary summary{.n = static_cast<std::int64_t>(log_p.size())};
  const auto n = static_cast<double>(log_p.size());
  for (const double each : log_p) summary.nats += each / n;
  double variance = 0.0;
  for (const double each : log_p) variance += (each - summary.nats) * (each - summary.nats) / n;
  summary.se = std::sqrt(variance / n);
  const std::int64_t dim = dataset.shape.size();
  if (dataset.is_bytes()) summary.bits = data::bits_per_dim(-summary.nats, 0.0, dim);
  summary.log_det = options.log_det_of(dim);
  if (summary.log_det == LogDet::kSeries) {
    summary.bound = 0.0;
    for (const double constant : flow.lipschitz_constants(kBoundIterations)) {
      *summary.bound += truncation_bound(constant, options.terms);
    }
  }
  return summary;
}

}  // namespace ebm::flow
