#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "samplers/energies/gaussian.h"
#include "samplers/energies/held_entries.h"
#include "samplers/energies/linear_observation.h"
#include "samplers/energies/sum_energy.h"
#include "samplers/initial_states.h"
#include "samplers/kernels/hmc.h"
#include "samplers/kernels/mala.h"
#include "samplers/run_chains.h"
#include "tests/samplers/operators/operator_cases.h"

namespace ebm::samplers {
namespace {

constexpr float kObservedT = 0.5f, kObservedSd = 0.4f;
constexpr std::int64_t kObservedChains = 512, kObservedBurnIn = 400, kObservedDraws = 300;

/// A prior of images of dim 48 with correlated neighbours, and its numbers in double precision.
struct Prior {
  Eigen::MatrixXd precision;
  Eigen::VectorXd mean;
  std::shared_ptr<const Gaussian> energy;
};

Prior prior_of(std::int64_t dim) {
  Prior prior{Eigen::MatrixXd::Zero(dim, dim), Eigen::VectorXd(dim), nullptr};
  for (std::int64_t d = 0; d < dim; ++d) {
    prior.mean[d] = 0.5 * std::sin(1.0 + static_cast<double>(d));
    prior.precision(d, d) = 1.5 + 0.5 * std::cos(0.8 * static_cast<double>(d));
    if (d + 1 < dim) prior.precision(d, d + 1) = prior.precision(d + 1, d) = -0.4;
  }
  std::vector<float> mean;
  for (std::int64_t d = 0; d < dim; ++d) {
    mean.push_back(static_cast<float>(prior.mean[d]));
    prior.mean[d] = double{mean.back()};
  }
  std::vector<double> rows(prior.precision.data(), prior.precision.data() + dim * dim);
  prior.energy = std::make_shared<Gaussian>(Gaussian::with_precision(mean, rows));
  return prior;
}

/// What the chains saw of each coordinate, and its standard error from the chains' own averages.
void expect_posterior(const Energy& energy, const Kernel& kernel, const std::vector<float>& context,
                      const Eigen::VectorXd& mean, const Eigen::MatrixXd& covariance,
                      const std::string& name) {
  const auto dim = static_cast<std::size_t>(energy.dim());
  ChainStore chains(kObservedChains, energy.dim(), energy.context_dim());
  std::vector<float> rows(kObservedChains * dim), all_context,
      x(kObservedDraws * kObservedChains * dim);
  draw_initial_states({.seed = 3, .domain = base::Domain::kChainInit}, 0, energy.dim(),
                      std::nullopt, rows);
  for (std::int64_t n = 0; n < kObservedChains; ++n) {
    all_context.insert(all_context.end(), context.begin(), context.end());
  }
  chains.load_rows(rows);
  chains.load_context(all_context);
  run_chains(energy, kernel, chains, {.n_steps = kObservedBurnIn, .key = {.seed = 4}});
  run_chains(energy, kernel, chains,
             {.n_steps = kObservedDraws,
              .first_step = kObservedBurnIn,
              .key = {.seed = 4},
              .trace = {.x = x}});
  double worst = 0;
  for (std::size_t d = 0; d < dim; ++d) {
    const auto i = static_cast<std::int64_t>(d);
    double sum[2] = {0, 0}, squares[2] = {0, 0};
    for (std::size_t chain = 0; chain < kObservedChains; ++chain) {
      double own[2] = {0, 0};
      for (std::size_t draw = 0; draw < kObservedDraws; ++draw) {
        const double off = x[(draw * kObservedChains + chain) * dim + d] - mean[i];
        own[0] += off / kObservedDraws;
        own[1] += off * off / kObservedDraws;
      }
      for (int k = 0; k < 2; ++k) {
        sum[k] += own[k] / kObservedChains;
        squares[k] += own[k] * own[k] / kObservedChains;
      }
    }
    const double exact[2] = {0.0, covariance(i, i)};
    for (int k = 0; k < 2; ++k) {
      const double error = std::sqrt((squares[k] - sum[k] * sum[k]) / (kObservedChains - 1));
      EXPECT_LT(std::abs(sum[k] - exact[k]), 5 * error)
          << name << ": " << (k == 0 ? "mean" : "variance") << " of coordinate " << d
          << " is off by " << sum[k] - exact[k] << " ± " << error;
      EXPECT_LT(error, (k == 0 ? std::sqrt(exact[1]) : exact[1]) * 0.03)
          << name << " says too little";
      worst = std::max(worst, std::abs(sum[k] - exact[k]) / error);
    }
  }
  std::printf("%s: at most %.2f standard errors off\n", name.c_str(), worst);
}

class PosteriorTest : public testing::TestWithParam<OperatorCase> {};

// exp(−E₀/T) with E₀ = ½(x − μ)ᵀP(x − μ), observed as y = A x + σξ: the posterior has the precision
// P/T + AᵀA/σ² and the mean that solves it for Pμ/T + Aᵀy/σ².
TEST_P(PosteriorTest, OfAGaussianIsInClosedForm) {
  const LinearOperator& a = *GetParam().a;
  const Prior prior = prior_of(a.dim());
  Eigen::MatrixXd matrix(a.output_dim(), a.dim());
  for (std::int64_t i = 0; i < a.output_dim(); ++i) {
    for (std::int64_t d = 0; d < a.dim(); ++d) matrix(i, d) = GetParam().weight(i, d);
  }
  std::vector<float> y;
  Eigen::VectorXd observed(a.output_dim());
  for (std::int64_t i = 0; i < a.output_dim(); ++i) {
    y.push_back(static_cast<float>(std::cos(2.0 * static_cast<double>(i))));
    observed[i] = double{y.back()};
  }
  const double data = 1.0 / (double{kObservedSd} * kObservedSd), t = kObservedT;
  const Eigen::MatrixXd precision = prior.precision / t + data * matrix.transpose() * matrix;
  const Eigen::MatrixXd covariance = precision.inverse();
  const Eigen::VectorXd mean =
      covariance * (prior.precision * prior.mean / t + data * matrix.transpose() * observed);

  const SumEnergy energy(
      {{prior.energy, 1.0f},
       {std::make_shared<LinearObservation>(GetParam().a, kObservedSd), kObservedT}});
  expect_posterior(energy, Mala({.step_size = 0.15f, .temperature = kObservedT}), y, mean,
                   covariance, GetParam().name + " by mala");
  expect_posterior(
      energy, Hmc({.step_size = 0.3f, .n_leapfrog = 4, .jitter = 0.5, .temperature = kObservedT}),
      y, mean, covariance, GetParam().name + " by hmc");
}

INSTANTIATE_TEST_SUITE_P(, PosteriorTest, testing::ValuesIn(operator_cases()),
                         [](const auto& info) { return info.param.name; });

// Given some entries c of N(μ, T·P⁻¹), the others u have the precision P_uu/T and the mean
// μ_u − P_uu⁻¹·P_uc·(c − μ_c).
TEST(HeldEntriesTest, LeaveTheConditionalOfAGaussian) {
  constexpr std::int64_t kDim = 12;
  const Prior prior = prior_of(kDim);
  std::vector<std::uint8_t> is_held;
  std::vector<std::int64_t> free, held;
  std::vector<float> c;
  for (std::int64_t d = 0; d < kDim; ++d) {
    is_held.push_back(d % 3 == 1 ? 1 : 0);
    (is_held.back() != 0 ? held : free).push_back(d);
    if (is_held.back() != 0)
      c.push_back(static_cast<float>(std::sin(3.0 * static_cast<double>(d))));
  }
  const Eigen::MatrixXd precision = prior.precision(free, free) / double{kObservedT};
  Eigen::VectorXd off(static_cast<std::int64_t>(c.size()));
  for (std::size_t i = 0; i < c.size(); ++i) {
    off[static_cast<std::int64_t>(i)] = double{c[i]} - prior.mean[held[i]];
  }
  const Eigen::VectorXd mean = prior.mean(free) - prior.precision(free, free).inverse() *
                                                      (prior.precision(free, held) * off);
  const HeldEntries energy(prior.energy, is_held);
  expect_posterior(energy, Mala({.step_size = 0.3f, .temperature = kObservedT}), c, mean,
                   precision.inverse(), "held by mala");
  expect_posterior(
      energy, Hmc({.step_size = 0.5f, .n_leapfrog = 4, .jitter = 0.5, .temperature = kObservedT}),
      c, mean, precision.inverse(), "held by hmc");
}

}  // namespace
}  // namespace ebm::samplers
