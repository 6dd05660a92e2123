#include "gan/equilibrium.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <functional>
#include <string>

#include "base/error.h"

namespace ebm::gan {
namespace {

// The cubic term of the difference quotient and the rounding of the rates are both about 1e-10
// then.
constexpr double kOffset = 1e-5;

using Map = std::function<std::vector<double>(const std::vector<double>&)>;

std::vector<std::complex<double>> eigenvalues_at_zero(const DiracSystem& system, std::int64_t dim,
                                                      const Map& map) {
  if (!system.is_smooth_at_zero) {
    throw Error(ErrorCode::kUsage,
                "system = " + std::string(base::name_of("system", kDiracKinds, system.kind)) +
                    ": has no derivative at (0, 0), and so no eigenvalues");
  }
  Eigen::MatrixXd jacobian(2 * dim, 2 * dim);
  for (std::int64_t column = 0; column < 2 * dim; ++column) {
    std::vector<double> state(static_cast<std::size_t>(2 * dim), 0.0);
    state[static_cast<std::size_t>(column)] = kOffset;
    const std::vector<double> above = map(state);
    state[static_cast<std::size_t>(column)] = -kOffset;
    const std::vector<double> below = map(state);
    for (std::int64_t row = 0; row < 2 * dim; ++row) {
      const auto i = static_cast<std::size_t>(row);
      jacobian(row, column) = (above[i] - below[i]) / (2.0 * kOffset);
    }
  }
  const Eigen::VectorXcd values = jacobian.eigenvalues();
  std::vector<std::complex<double>> sorted(values.data(), values.data() + values.size());
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return a.real() != b.real() ? a.real() > b.real() : a.imag() > b.imag();
  });
  return sorted;
}

}  // namespace

Equilibrium analyse_equilibrium(const DiracSystem& system, std::int64_t dim) {
  const Map rates = [&](const std::vector<double>& state) {
    std::vector<double> result(state.size());
    system.rates(state, result);
    return result;
  };
  Equilibrium equilibrium{.eigenvalues = eigenvalues_at_zero(system, dim, rates)};
  equilibrium.greatest_real_part = equilibrium.eigenvalues.front().real();
  return equilibrium;
}

double spectral_radius_of_step(const DiracSystem& system, std::int64_t dim, double step,
                               Turns turns) {
  const Map one_step = [&](const std::vector<double>& state) {
    return take_steps(system, state, 1, step, turns).states.back();
  };
  double radius = 0.0;
  for (const auto& value : eigenvalues_at_zero(system, dim, one_step)) {
    radius = std::max(radius, std::abs(value));
  }
  return radius;
}

}  // namespace ebm::gan
