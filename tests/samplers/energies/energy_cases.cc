#include "tests/samplers/energies/energy_cases.h"

#include <cmath>
#include <numbers>

#include "samplers/energies/banana.h"
#include "samplers/energies/conditional_energy.h"
#include "samplers/energies/diagonal_gaussian.h"
#include "samplers/energies/double_well.h"
#include "samplers/energies/eight_schools.h"
#include "samplers/energies/function_energy.h"
#include "samplers/energies/funnel.h"
#include "samplers/energies/gaussian.h"
#include "samplers/energies/gaussian_bernoulli_rbm.h"
#include "samplers/energies/gaussian_mixture.h"
#include "samplers/energies/log_gamma.h"
#include "samplers/energies/observation.h"
#include "samplers/energies/rings.h"
#include "samplers/energies/rosenbrock.h"
#include "samplers/energies/sum_energy.h"
#include "samplers/energies/tempered_energy.h"

namespace ebm::samplers {
namespace {

double square(double x) { return x * x; }
constexpr double kPi = std::numbers::pi;

double double_well(const Point& x) {
  double sum = 0;
  for (double v : x) sum += 0.7 * square(v * v - 1);
  return sum;
}

double gaussian_part(const Point& x, const Point& mean, double sd) {
  double squared = 0;
  for (std::size_t d = 0; d < x.size(); ++d) squared += square(x[d] - mean[d]);
  return std::exp(-squared / (2 * sd * sd)) /
         std::pow(sd * std::sqrt(2 * kPi), static_cast<double>(x.size()));
}

double eight(const Point& x) {
  double p = 0;
  for (int k = 0; k < 8; ++k) {
    p += gaussian_part(x, {std::cos(kPi * k / 4), std::sin(kPi * k / 4)}, 0.15) / 8;
  }
  return -std::log(p);
}

double twenty_five(const Point& x) {
  double p = 0;
  for (int row = -2; row <= 2; ++row) {
    for (int column = -2; column <= 2; ++column) {
      p += gaussian_part(x, {1.0 * column, 1.0 * row}, 0.05) / 25;
    }
  }
  return -std::log(p);
}

double five_dim_mixture(const Point& x) {
  return -std::log(0.25 * gaussian_part(x, {0, 0.5, -0.5, 0.25, 1}, 0.6) +
                   0.75 * gaussian_part(x, {1, 0, 0.5, -1, -0.25}, 0.6));
}

double line_mixture(const Point& x) {
  return -std::log(0.4 * gaussian_part(x, {-1}, 0.5) + 0.6 * gaussian_part(x, {2}, 0.5));
}

double cube_mixture(const Point& x) {
  return -std::log(0.2 * gaussian_part(x, {-1, 0, 2}, 0.75) +
                   0.8 * gaussian_part(x, {1, 1, -1}, 0.75));
}

double diagonal(const Point& x) {
  return 0.5 * (square((x[0] - 1) / 2) + square((x[1] + 0.5) / 0.25) + square(x[2] / 1.5));
}

double dense(const Point& x) {
  const double a = x[0] - 0.5, b = x[1] + 1, c = x[2];
  return 0.5 * (3 * a * a + 2 * b * b + 1.5 * c * c) + a * b * 0.5 - a * c * 0.25 + b * c;
}

// The mean over the circle by the trapezoidal rule, without a Bessel function.
double rings(const Point& x) {
  constexpr int kAngles = 4000;
  double p = 0;
  for (int k = 1; k <= 4; ++k) {
    for (int i = 0; i < kAngles; ++i) {
      const double angle = 2 * kPi * i / kAngles, radius = k / 2.0;
      p += gaussian_part(x, {radius * std::cos(angle), radius * std::sin(angle)}, 0.05);
    }
  }
  return -std::log(p / (4.0 * kAngles));
}

double banana(const Point& x) {
  return square(x[0]) / 200 + 0.5 * square(x[1] - 0.03 * (square(x[0]) - 100)) + 0.5 * square(x[2]);
}

double funnel(const Point& x) {
  return square(x[0]) / 18 + 0.5 * std::exp(-x[0]) * (square(x[1]) + square(x[2])) + x[0];
}

double log_gamma(const Point& x) {
  double sum = 0;
  for (double y : x) sum += 10 * std::exp(y) - 5 * y;
  return sum;
}

double rosenbrock(const Point& x) {
  double sum = 0;
  for (std::size_t d = 0; d + 1 < x.size(); ++d) {
    sum += 20 * square(x[d + 1] - x[d] * x[d]) + square(1.5 - x[d]);
  }
  return sum;
}

double eight_schools(const Point& x) {
  const double effect[] = {28, 8, -3, 7, -1, 1, 18, 12}, sd[] = {15, 10, 16, 11, 9, 11, 10, 18};
  double sum = square(x[0] / 10) / 2 + square(x[1] - 5) / 2;
  for (std::size_t j = 0; j < 8; ++j) {
    const double z = x[2 + j];
    sum += z * z / 2 + square((x[0] + std::exp(x[1]) * z - effect[j]) / sd[j]) / 2;
  }
  return sum;
}

double rbm(const Point& x) {
  const RbmNumbers n;
  double p = 0;
  for (int state = 0; state < 1 << n.kHidden; ++state) {
    double energy = 0;
    for (int i = 0; i < n.kVisible; ++i) {
      const double v = x[static_cast<std::size_t>(i)];
      energy += square(v - n.visible_bias(i)) / (2 * square(n.kSd));
      for (int j = 0; j < n.kHidden; ++j) {
        energy -= (state >> j & 1) * v * n.weight(i, j) / square(n.kSd);
      }
    }
    for (int j = 0; j < n.kHidden; ++j) energy -= (state >> j & 1) * n.hidden_bias(j);
    p += std::exp(-energy);
  }
  return -std::log(p);
}

double saddle(const Point& x) { return square(x[0]) - 3 * x[0] * x[1] + square(square(x[1])); }

float saddle_function(std::span<const float> x, std::span<float> energy_grad) {
  energy_grad[0] = 2 * x[0] - 3 * x[1];
  energy_grad[1] = -3 * x[0] + 4 * x[1] * x[1] * x[1];
  return x[0] * x[0] - 3 * x[0] * x[1] + x[1] * x[1] * x[1] * x[1];
}

double observed(const Point& x) {
  return (square(x[0] - 0.5) + square(x[1] + 1) + square(x[2] - 2)) / (2 * square(0.4));
}
double tempered_banana(const Point& x) { return banana(x) / 2.5; }
double sum_of_two(const Point& x) { return 0.5 * diagonal(x) + 2 * banana(x); }

std::shared_ptr<GaussianBernoulliRbm> make_rbm() {
  const RbmNumbers n;
  std::vector<float> weights, visible, hidden;
  for (int i = 0; i < n.kVisible; ++i) {
    visible.push_back(static_cast<float>(n.visible_bias(i)));
    for (int j = 0; j < n.kHidden; ++j) weights.push_back(static_cast<float>(n.weight(i, j)));
  }
  for (int j = 0; j < n.kHidden; ++j) hidden.push_back(static_cast<float>(n.hidden_bias(j)));
  return std::make_shared<GaussianBernoulliRbm>(weights, visible, hidden,
                                                static_cast<float>(n.kSd));
}

std::vector<EnergyCase> make_cases() {
  const auto diagonal_gaussian = std::make_shared<DiagonalGaussian>(
      std::vector<float>{1, -0.5f, 0}, std::vector<float>{2, 0.25f, 1.5f});
  const auto bananas = std::make_shared<Banana>(3);
  const std::vector<double> precision{3, 0.5, -0.25, 0.5, 2, 1, -0.25, 1, 1.5};
  return {
      {"DoubleWell", std::make_shared<DoubleWell>(3, 0.7f), double_well},
      {"EightGaussians", std::make_shared<GaussianMixture>(eight_gaussians()), eight},
      {"EightGaussiansFarOut", std::make_shared<GaussianMixture>(eight_gaussians()), eight, 3.5},
      {"TwentyFiveGaussians", std::make_shared<GaussianMixture>(twenty_five_gaussians()),
       twenty_five, 2.4},
      {"LineMixture",
       std::make_shared<GaussianMixture>(1, std::vector<float>{-1, 2}, std::vector<float>{2, 3},
                                         0.5f),
       line_mixture, 4.0},
      {"CubeMixture",
       std::make_shared<GaussianMixture>(3, std::vector<float>{-1, 0, 2, 1, 1, -1},
                                         std::vector<float>{1, 4}, 0.75f),
       cube_mixture, 2.0},
      {"FiveDimMixture",
       std::make_shared<GaussianMixture>(
           5, std::vector<float>{0, 0.5f, -0.5f, 0.25f, 1, 1, 0, 0.5f, -1, -0.25f},
           std::vector<float>{1, 3}, 0.6f),
       five_dim_mixture},
      {"DiagonalGaussian", diagonal_gaussian, diagonal},
      {"Gaussian", std::make_shared<Gaussian>(Gaussian::with_precision({0.5f, -1, 0}, precision)),
       dense, 3.0},
      {"Rings", std::make_shared<Rings>(), rings, 1.5},
      {"RingsAtTheOrigin", std::make_shared<Rings>(), rings, 0.1},
      {"Banana", bananas, banana, 12.0},
      {"Funnel", std::make_shared<Funnel>(3), funnel, 4.0},
      {"LogGamma", std::make_shared<LogGamma>(2), log_gamma, 3.0},
      {"Rosenbrock", std::make_shared<Rosenbrock>(4, 1.5f, 20.0f), rosenbrock},
      {"EightSchools", std::make_shared<EightSchools>(), eight_schools, 2.0, 1.5},
      {"Rbm", make_rbm(), rbm, 3.0},
      {"Observation",
       std::make_shared<ConditionalEnergy>(std::make_shared<Observation>(3, 0.4f),
                                           std::vector<float>{0.5f, -1, 2}),
       observed},
      {"Function", std::make_shared<FunctionEnergy>(2, saddle_function), saddle},
      {"Tempered", std::make_shared<TemperedEnergy>(bananas, 2.5f), tempered_banana, 12.0},
      {"Sum",
       std::make_shared<SumEnergy>(
           std::vector<SumEnergy::Term>{{diagonal_gaussian, 0.5f}, {bananas, 2.0f}}),
       sum_of_two, 6.0},
  };
}

}  // namespace

double RbmNumbers::weight(int i, int j) const {
  return static_cast<float>(1.2 * std::sin(1.0 + 2.3 * i + 0.9 * j));
}
double RbmNumbers::visible_bias(int i) const { return static_cast<float>(0.3 * i - 0.2); }
double RbmNumbers::hidden_bias(int j) const { return static_cast<float>(0.5 - 0.4 * j); }

std::vector<float> EnergyCase::points() const {
  std::vector<float> rows(static_cast<std::size_t>(37 * energy->dim()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = static_cast<float>(centre + scale * std::sin(static_cast<double>(i) * 1.7 + 0.3));
  }
  return rows;
}

const std::vector<EnergyCase>& energy_cases() {
  static const std::vector<EnergyCase> kCases = make_cases();
  return kCases;
}

}  // namespace ebm::samplers
