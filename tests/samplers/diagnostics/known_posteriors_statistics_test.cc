// Distributions of the literature whose moments are known, sampled as a user would: adapt, then
// walk, then check the diagnostics.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "samplers/adaptation/adaptation.h"
#include "samplers/diagnostics/draws.h"
#include "samplers/diagnostics/monte_carlo_error.h"
#include "samplers/diagnostics/rhat.h"
#include "samplers/energies/banana.h"
#include "samplers/energies/double_well.h"
#include "samplers/energies/eight_schools.h"
#include "samplers/energies/funnel.h"
#include "samplers/initial_states.h"
#include "samplers/kernels/nuts.h"
#include "samplers/kernels/sampler_settings.h"
#include "samplers/run_chains.h"

namespace ebm::samplers {
namespace {

constexpr std::int64_t kPosteriorChains = 64;

/// Draws of every chain after burn-in.
struct Walked {
  std::vector<float> x;  // [n_draws, kPosteriorChains, dim]
  std::int64_t n_draws, dim;
};

constexpr std::int64_t kBurnIn = 1000;

ChainStore started(const Energy& energy) {
  ChainStore chains(kPosteriorChains, energy.dim());
  std::vector<float> rows(static_cast<std::size_t>(kPosteriorChains * energy.dim()));
  draw_initial_states({.seed = 3, .domain = base::Domain::kChainInit}, 0, energy.dim(),
                      std::nullopt, rows);
  chains.load_rows(rows);
  return chains;
}

Walked walk(const Energy& energy, const Kernel& kernel, ChainStore& chains, std::int64_t n_draws,
            std::int64_t thinning) {
  Walked walked{
      std::vector<float>(static_cast<std::size_t>(n_draws * kPosteriorChains * energy.dim())),
      n_draws, energy.dim()};
  run_chains(energy, kernel, chains,
             {.n_steps = n_draws * thinning,
              .first_step = kBurnIn,
              .key = {.seed = 3},
              .n_threads = 2,
              .trace = {.thinning = thinning, .x = walked.x}});
  return walked;
}

/// Step size and mass are those that burn-in finds.
Walked adapt_and_walk(const Energy& energy, SamplerKind sampler, std::int64_t n_draws,
                      std::int64_t thinning, double target_acceptance = 0.8) {
  SamplerSettings settings;
  settings.sampler = sampler;
  const auto make = [&](float step_size, const std::vector<float>& inverse_mass) {
    settings.step_size = step_size;
    settings.inverse_mass = inverse_mass;
    return make_kernel(settings);
  };
  ChainStore chains = started(energy);
  const Adapted adapted = adapt(energy, make, chains,
                                {.n_steps = kBurnIn,
                                 .target_acceptance = target_acceptance,
                                 .step_size = default_step_size(sampler),
                                 .key = {.seed = 3},
                                 .n_threads = 2});
  return walk(energy, *make(adapted.step_size, adapted.inverse_mass), chains, n_draws, thinning);
}

/// f of every draw, chain by chain.
Draws scalar(const Walked& walked, const std::function<double(const float*)>& f) {
  Draws draws{std::vector<double>(static_cast<std::size_t>(walked.n_draws * kPosteriorChains)),
              walked.n_draws, kPosteriorChains};
  for (std::int64_t c = 0; c < kPosteriorChains; ++c) {
    for (std::int64_t i = 0; i < walked.n_draws; ++i) {
      draws.values[static_cast<std::size_t>(c * walked.n_draws + i)] =
          f(walked.x.data() + (i * kPosteriorChains + c) * walked.dim);
    }
  }
  return draws;
}

/// |mean − truth| below five standard errors, those of the truth included, and chains that agree.
void expect_mean(const std::string& name, const Walked& walked, double truth, double error_of_truth,
                 const std::function<double(const float*)>& f) {
  const Draws draws = scalar(walked, f);
  double mean = 0;
  for (const double v : draws.values) mean += v / static_cast<double>(draws.values.size());
  const double error = std::hypot(mcse_mean(draws.view()), error_of_truth);
  const double rhat = rank_normalized_rhat(draws.view());
  std::printf("%-24s %10.4f, exactly %10.4f: %+5.2f standard errors, R-hat %.4f\n", name.c_str(),
              mean, truth, (mean - truth) / error, rhat);
  EXPECT_LT(std::abs(mean - truth), 5 * error) << name;
  EXPECT_LT(rhat, 1.01) << name;
  // A test whose error bar is a tenth of the truth or of one can fail.
  EXPECT_LT(error, 0.1 * std::max(1.0, std::abs(truth))) << name;
}

TEST(KnownPosteriorsTest, Banana) {
  const Walked walked = adapt_and_walk(Banana(), SamplerKind::kNuts, 2000, 8, 0.9);
  expect_mean("banana E[x0]", walked, 0, 0, [](const float* x) { return double{x[0]} / 10; });
  expect_mean("banana Var[x0]", walked, 1, 0,
              [](const float* x) { return double{x[0]} * x[0] / 100; });
  expect_mean("banana E[x1]", walked, 0, 0, [](const float* x) { return double{x[1]}; });
  expect_mean("banana Var[x1]", walked, 19, 0, [](const float* x) { return double{x[1]} * x[1]; });
}

TEST(KnownPosteriorsTest, Funnel) {
  // x ~ N(0, e^v) has E[x²] = e^4.5, but E[x⁴] = 3·e^18: its average over a million draws is mostly
  // luck. ln|x| = v/2 + ln|z| depends on the chain in the same way and has E = −(γ + ln 2)/2.
  // No adapted step is short enough for the neck: chains then meet it too seldom to agree.
  ChainStore chains = started(Funnel(2));
  const Nuts kernel({.step_size = 0.05f});
  run_chains(Funnel(2), kernel, chains, {.n_steps = kBurnIn, .key = {.seed = 3}, .n_threads = 2});
  const Walked walked = walk(Funnel(2), kernel, chains, 1500, 10);
  expect_mean("funnel E[v]", walked, 0, 0, [](const float* x) { return double{x[0]}; });
  expect_mean("funnel Var[v]", walked, 9, 0, [](const float* x) { return double{x[0]} * x[0]; });
  expect_mean("funnel E[ln|x|]", walked, -0.6351814, 0,
              [](const float* x) { return std::log(std::abs(double{x[1]}) + 1e-30); });
}

// Inference Gym states 5.7598 ± 0.0179 for E[μ], by a long run. The other numbers are exact: given
// ℓ, μ and the effects are Gaussian, and ℓ is integrated by the midpoint rule over (−12, 22), with
// 20000 and 40000 points alike to 13 digits.
TEST(KnownPosteriorsTest, EightSchools) {
  const Walked walked = adapt_and_walk(EightSchools(), SamplerKind::kNuts, 2000, 1);
  const auto mu = [](const float* x) { return double{x[0]}; };
  expect_mean("eight schools E[mu] of Inference Gym", walked, 5.7598, 0.0179, mu);
  expect_mean("eight schools E[mu]", walked, 5.7990450, 0, mu);
  expect_mean("eight schools sd[mu]^2", walked, 5.4472262 * 5.4472262, 0, [](const float* x) {
    return (double{x[0]} - 5.7990450) * (double{x[0]} - 5.7990450);
  });
  expect_mean("eight schools E[l]", walked, 2.4505713, 0,
              [](const float* x) { return double{x[1]}; });
  expect_mean("eight schools E[tau]", walked, 13.1666030, 0,
              [](const float* x) { return std::exp(double{x[1]}); });
  const double effects[] = {14.7700763, 7.1765574, 2.6683560,  6.5708937,
                            1.8166118,  3.4259511, 12.8071161, 7.9676982};
  for (std::size_t school = 0; school < 8; ++school) {
    expect_mean("eight schools effect " + std::to_string(school + 1), walked, effects[school], 0,
                [school](const float* x) {
                  return double{x[0]} + std::exp(double{x[1]}) * double{x[2 + school]};
                });
  }
}

TEST(KnownPosteriorsTest, DoubleWellByEverySamplerWithAnAcceptStep) {
  for (const SamplerKind sampler : {SamplerKind::kMala, SamplerKind::kHmc, SamplerKind::kNuts}) {
    const Walked walked = adapt_and_walk(DoubleWell(1), sampler, 2000, 4);
    const std::string name = "double well by " + sampler_name(sampler);
    expect_mean(name + " E[x2]", walked, 0.8521362, 0,
                [](const float* x) { return double{x[0]} * x[0]; });
    expect_mean(name + " E[x4]", walked, 0.9771362, 0,
                [](const float* x) { return std::pow(double{x[0]}, 4.0); });
    expect_mean(name + " Stein", walked, 1.0, 0,
                [](const float* x) { return 8 * double{x[0]} * x[0] * (double{x[0]} * x[0] - 1); });
  }
}

}  // namespace
}  // namespace ebm::samplers
