#include "evaluation/density/flow_density.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "base/error.h"
#include "base/random.h"
#include "base/require.h"
#include "samplers/chain_block.h"
#include "samplers/run_chains.h"

namespace ebm::evaluation {
namespace {

/// Rows whose paths go side by side.
constexpr std::size_t kPathsAtOnce = 256;
/// Of the differences, in units of σ.
constexpr double kDifference = 0.01;

/// Slopes and divergences of rows at one level.
class FlowField {
 public:
  FlowField(const samplers::Energy& energy, const FlowDensityOptions& options,
            std::size_t first_row, std::size_t n)
      : energy_(energy),
        options_(options),
        n_(n),
        dim_(static_cast<std::size_t>(energy.dim())),
        chains_(static_cast<std::int64_t>(n), energy.dim(), 1),
        slopes_(n * dim_),
        is_exact_(energy.dim() <= FlowDensityOptions::kExactDim),
        n_vectors_(is_exact_ ? dim_ : static_cast<std::size_t>(options.n_probes)) {
    if (is_exact_) return;
    signs_.resize(n * n_vectors_ * dim_);
    const base::RandomKey key{.seed = options.seed, .domain = base::Domain::kProbe};
    for (std::size_t row = 0; row < n; ++row) {
      base::RandomStream stream(key, first_row + row);
      const auto of_row = std::span(signs_).subspan(row * n_vectors_ * dim_, n_vectors_ * dim_);
      for (float& sign : of_row) sign = (stream.next_word() >> 31) == 0 ? 1.0f : -1.0f;
    }
  }

  /// dx/du [n, dim] and d ln p/du [n] at ln σ = u.
  void evaluate(const std::vector<double>& x, double u, std::vector<double>& velocity,
                std::vector<double>& rate) {
    const double sigma = std::exp(u), variance = sigma * sigma;
    const std::vector<float> at(x.begin(), x.end());
    slopes_at(at, sigma);
    for (std::size_t i = 0; i < x.size(); ++i) velocity[i] = variance * double{slopes_[i]};
    std::fill(rate.begin(), rate.end(), 0.0);
    const auto h = static_cast<float>(kDifference * sigma);
    std::vector<float> above = at, below = at, of_above;
    for (std::size_t k = 0; k < n_vectors_; ++k) {
      for_vector(k, [&](std::size_t i, float v) {
        above[i] = at[i] + h * v;
        below[i] = at[i] - h * v;
      });
      slopes_at(above, sigma);
      of_above = slopes_;
      slopes_at(below, sigma);
      for_vector(k, [&](std::size_t i, float v) {
        // By the distance that is left of 2h in float32.
        const double distance = v == 0.0f ? 1.0 : double{above[i]} - double{below[i]};
        const double difference = double{of_above[i]} - double{slopes_[i]};
        const double weight = is_exact_ ? 1.0 : 1.0 / static_cast<double>(n_vectors_);
        if (v != 0.0f) rate[i / dim_] -= variance * weight * difference / distance;
        above[i] = below[i] = at[i];
      });
    }
  }

 private:
  /// Calls visit(index of the value, entry of the vector k) of all rows; unit vectors have one
  /// entry each.
  template <class Visit>
  void for_vector(std::size_t k, const Visit& visit) const {
    for (std::size_t row = 0; row < n_; ++row) {
      if (is_exact_) {
        visit(row * dim_ + k, 1.0f);
        continue;
      }
      for (std::size_t d = 0; d < dim_; ++d) {
        visit(row * dim_ + d, signs_[(row * n_vectors_ + k) * dim_ + d]);
      }
    }
  }

  /// slopes_ <- ∇E of rows at σ.
  void slopes_at(const std::vector<float>& rows, double sigma) {
    chains_.load_rows(rows);
    chains_.load_context(std::vector<float>(n_, static_cast<float>(sigma)));
    samplers::evaluate_chains(energy_, chains_, options_.n_threads);
    chains_.store_energy_grad(slopes_);
  }

  const samplers::Energy& energy_;
  const FlowDensityOptions& options_;
  std::size_t n_, dim_;
  samplers::ChainStore chains_;
  std::vector<float> slopes_;
  bool is_exact_;
  std::size_t n_vectors_;
  std::vector<float> signs_;  ///< [n, n_vectors, dim] of probes
};

/// state + step·slope
std::vector<double> stepped(const std::vector<double>& state, double step,
                            const std::vector<double>& slope) {
  std::vector<double> result(state.size());
  for (std::size_t i = 0; i < state.size(); ++i) result[i] = state[i] + step * slope[i];
  return result;
}

/// Rows that start at the row first_row of all.
void follow(const samplers::Energy& energy, const FlowDensityOptions& options,
            std::size_t first_row, std::span<const float> rows, FlowDensities& found) {
  const auto dim = static_cast<std::size_t>(energy.dim());
  const std::size_t n = rows.size() / dim;
  FlowField field(energy, options, first_row, n);
  std::vector<double> x(rows.begin(), rows.end()), log_ratio(n);
  const double low = std::log(double{options.levels.lowest});
  const double step =
      (std::log(double{options.levels.highest}) - low) / static_cast<double>(options.n_steps);
  std::vector<double> velocity[4], rate[4];
  for (std::size_t stage = 0; stage < 4; ++stage) {
    velocity[stage].resize(x.size());
    rate[stage].resize(n);
  }
  for (std::int64_t i = 0; i < options.n_steps; ++i) {
    const double u = low + static_cast<double>(i) * step;
    field.evaluate(x, u, velocity[0], rate[0]);
    field.evaluate(stepped(x, 0.5 * step, velocity[0]), u + 0.5 * step, velocity[1], rate[1]);
    field.evaluate(stepped(x, 0.5 * step, velocity[1]), u + 0.5 * step, velocity[2], rate[2]);
    field.evaluate(stepped(x, step, velocity[2]), u + step, velocity[3], rate[3]);
    const auto advance = [&](std::vector<double>& state, const std::vector<double>* k,
                             double sign) {
      for (std::size_t at = 0; at < state.size(); ++at) {
        state[at] += sign * step / 6.0 * (k[0][at] + 2.0 * k[1][at] + 2.0 * k[2][at] + k[3][at]);
      }
    };
    advance(x, velocity, 1.0);
    advance(log_ratio, rate, -1.0);
  }
  for (std::size_t row = 0; row < n; ++row) {
    const auto begin = x.begin() + static_cast<std::ptrdiff_t>(row * dim);
    const bool is_finite =
        std::isfinite(log_ratio[row]) &&
        std::all_of(begin, begin + energy.dim(), [](double value) { return std::isfinite(value); });
    if (is_finite) continue;
    throw Error(ErrorCode::kDiverged, "the probability flow of row " +
                                          std::to_string(first_row + row) +
                                          " is not finite; take more steps");
  }
  found.ends.insert(found.ends.end(), x.begin(), x.end());
  found.log_ratio.insert(found.log_ratio.end(), log_ratio.begin(), log_ratio.end());
}

}  // namespace

void FlowDensityOptions::validate() const {
  levels.validate();
  base::require_at_least("steps", n_steps, 1);
  base::require_at_least("probes", n_probes, 1);
  base::require_at_least("n_threads", n_threads, 1);
}

FlowDensities flow_densities(const samplers::Energy& energy, std::span<const float> rows,
                             const FlowDensityOptions& options) {
  options.validate();
  if (energy.context_dim() != 1) {
    throw Error(ErrorCode::kUsage,
                "the energy reads no level of noise alone, along which a density could be found");
  }
  const auto dim = static_cast<std::size_t>(energy.dim());
  if (rows.empty() || rows.size() % dim != 0) {
    throw Error(ErrorCode::kShape, "the rows have " + std::to_string(rows.size()) +
                                       " values; expected rows of " + std::to_string(dim));
  }
  FlowDensities found;
  const std::size_t n = rows.size() / dim;
  for (std::size_t first = 0; first < n; first += kPathsAtOnce) {
    const std::size_t some = std::min(kPathsAtOnce, n - first);
    follow(energy, options, first, rows.subspan(first * dim, some * dim), found);
  }
  return found;
}

}  // namespace ebm::evaluation
