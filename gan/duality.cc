#include "gan/duality.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/batch_source.h"
#include "data/item_shape.h"
#include "metrics/random_subset.h"
#include "metrics/wasserstein/wasserstein_1d.h"
#include "nets/architecture/presets.h"

namespace ebm::gan {
namespace {

/// The one-function dual has (2n)² arcs.
constexpr std::int64_t kMaxRows = 2048;
constexpr std::int64_t kDefaultRows = 256;

/// `n` rows of a data set, drawn at random.
struct Rows {
  std::string name;
  std::vector<float> values;
  std::int64_t n, dim;

  metrics::FeatureView view() const { return {values, n, dim, name}; }
};

Rows draw(const data::Dataset& dataset, std::int64_t n, std::uint64_t seed,
          metrics::SubsetOf which) {
  const data::BatchSource source(dataset, {.batch_size = 1});
  Rows rows{.name = dataset.name, .values = {}, .n = n, .dim = source.dim()};
  rows.values.resize(static_cast<std::size_t>(n * rows.dim));
  const auto picked = metrics::random_subset(dataset.n, n, seed, 0, which);
  for (std::int64_t i = 0; i < n; ++i) {
    source.fill_range(
        picked[static_cast<std::size_t>(i)], 1,
        std::span(rows.values)
            .subspan(static_cast<std::size_t>(i * rows.dim), static_cast<std::size_t>(rows.dim)));
  }
  return rows;
}

double one_function_dual(const Rows& x, const Rows& y, double power) {
  std::vector<float> both = x.values;
  both.insert(both.end(), y.values.begin(), y.values.end());
  const metrics::FeatureView points(both, 2 * x.n, x.dim, "points");
  std::vector<std::int64_t> weights(static_cast<std::size_t>(x.n), 1);
  weights.resize(static_cast<std::size_t>(2 * x.n), -1);
  return metrics::solve_one_function_dual(metrics::distance_costs(points, points, power), weights,
                                          1.0 / static_cast<double>(x.n))
      .value;
}

}  // namespace

Duality measure_duality(const data::Dataset& real, const data::Dataset& fake,
                        const DualityOptions& options) {
  options.critic.validate();
  if (real.shape != fake.shape) {
    throw Error(ErrorCode::kShape, fake.name + " has items of shape " +
                                       data::shape_text(fake.shape) + "; those of " + real.name +
                                       " are " + data::shape_text(real.shape));
  }
  const std::int64_t most = std::min({real.n, fake.n, kMaxRows});
  const std::int64_t n = options.n.value_or(std::min(kDefaultRows, most));
  if (n < 1 || n > most) {
    throw Error(ErrorCode::kUsage,
                "n = " + std::to_string(n) + ": must be from 1 to " + std::to_string(most));
  }
  const Rows x = draw(real, n, options.critic.seed, metrics::SubsetOf::kReference);
  const Rows y = draw(fake, n, options.critic.seed, metrics::SubsetOf::kSamples);
  const double power = options.cost == Cost::kSquared ? 2.0 : 1.0;
  Duality duality{.n = n,
                  .dim = x.dim,
                  .transport = metrics::solve_transport(
                      metrics::distance_costs(x.view(), y.view(), power), n, n),
                  .one_function = one_function_dual(x, y, power)};
  if (x.dim == 1) {
    const double distance = metrics::wasserstein_1d(x.values, y.values, power);
    duality.closed_form = power == 2.0 ? distance * distance : distance;
  }
  if (power == 1.0) {
    const nets::Architecture net = nets::preset("mlp", {x.dim, 1, 1});
    CriticOptions critic = options.critic;
    critic.rule = CriticRule::kGradientPenalty;
    duality.penalised = estimate_by_critic(net, x.view(), y.view(), critic);
    critic.rule = CriticRule::kSpectralNorm;
    duality.held = estimate_by_critic(net, x.view(), y.view(), critic);
  }
  return duality;
}

}  // namespace ebm::gan
