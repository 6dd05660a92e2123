#include "gan/dirac_system.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/number_text.h"
#include "gan/objectives/objective_parts.h"

namespace ebm::gan {
namespace {

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

double norm(std::span<const double> a) { return std::sqrt(dot(a, a)); }

double inverse_or_zero(double x) { return x == 0.0 ? 0.0 : 1.0 / x; }

/// A state and its rates in halves.
struct View {
  std::span<const double> phi, theta;
  std::span<double> phi_rate, theta_rate;

  View(std::span<const double> state, std::span<double> rates)
      : phi(state.first(state.size() / 2)),
        theta(state.last(state.size() / 2)),
        phi_rate(rates.first(rates.size() / 2)),
        theta_rate(rates.last(rates.size() / 2)) {}

  /// φ' = −a·θ − b·φ, θ' = c·φ.
  void linear(double a, double b, double c) const {
    for (std::size_t i = 0; i < phi.size(); ++i) {
      phi_rate[i] = -a * theta[i] - b * phi[i];
      theta_rate[i] = c * phi[i];
    }
  }
};

struct SystemEntry {
  DiracKind kind;
  bool is_smooth_at_zero;
  void (*rates)(const DiracOptions& options, const View& view);
};

void minimax(const DiracOptions& o, const View& v) {
  const double sigma = sigmoid(dot(v.theta, v.phi));
  v.linear(sigma, 2.0 * o.penalty, sigma);
}

void non_saturating(const DiracOptions& o, const View& v) {
  const double s = dot(v.theta, v.phi);
  v.linear(sigmoid(s), 2.0 * o.penalty, sigmoid(-s));
}

void wgan(const DiracOptions& o, const View& v) { v.linear(1.0, 2.0 * o.penalty, 1.0); }

void wgan_unit(const DiracOptions&, const View& v) {
  const double inverse = inverse_or_zero(norm(v.phi));
  v.linear(inverse, -dot(v.theta, v.phi) * inverse * inverse * inverse, inverse);
}

void wgan_gp(const DiracOptions& o, const View& v) {
  const double inverse = inverse_or_zero(norm(v.phi));
  v.linear(1.0, 2.0 * o.penalty * (1.0 - inverse), 1.0);
}

void gan_qp(const DiracOptions& o, const View& v) {
  const double s = dot(v.theta, v.phi);
  v.linear(1.0 + s * inverse_or_zero(norm(v.theta)) / o.qp_scale, 0.0, 1.0);
}

void ebm(const DiracOptions& o, const View& v) {
  const double kept = 1.0 - o.restart_probability;
  // φ·x, from x = kept·θ + walk·φ.
  const double depth = kept * dot(v.theta, v.phi) + o.walk * dot(v.phi, v.phi);
  for (std::size_t i = 0; i < v.phi.size(); ++i) {
    const double x = kept * v.theta[i] + o.walk * v.phi[i];
    v.phi_rate[i] = -x - 2.0 * o.energy_l2 * (o.chain_variance * v.phi[i] + depth * x);
    v.theta_rate[i] = o.refresh * (x - v.theta[i]);
  }
}

constexpr SystemEntry kEntries[] = {
    {DiracKind::kMinimax, true, minimax}, {DiracKind::kNonSaturating, true, non_saturating},
    {DiracKind::kWgan, true, wgan},       {DiracKind::kWganUnit, false, wgan_unit},
    {DiracKind::kWganGp, false, wgan_gp}, {DiracKind::kGanQp, false, gan_qp},
    {DiracKind::kEnergy, true, ebm},
};

void require(bool holds, const char* what, double value, const char* right) {
  if (holds) return;
  throw Error(ErrorCode::kUsage,
              std::string(what) + " = " + base::number_text(value) + ": must be " + right);
}

}  // namespace

void DiracOptions::validate() const {
  const auto not_negative = [](const char* what, double value) {
    require(std::isfinite(value) && value >= 0.0, what, value, "0 or above");
  };
  const auto positive = [](const char* what, double value) {
    require(std::isfinite(value) && value > 0.0, what, value, "above 0");
  };
  not_negative("penalty", penalty);
  positive("qp_scale", qp_scale);
  require(clip > 0.0, "clip", clip, "above 0");
  require(restart_probability >= 0.0 && restart_probability <= 1.0, "restart_probability",
          restart_probability, "from 0 to 1");
  positive("walk", walk);
  not_negative("refresh", refresh);
  not_negative("energy_l2", energy_l2);
  not_negative("chain_variance", chain_variance);
}

void require_options_of(DiracKind kind, const std::vector<std::string>& given) {
  using enum DiracKind;
  const std::pair<const char*, std::vector<DiracKind>> readers[] = {
      {"penalty", {kMinimax, kNonSaturating, kWgan, kWganGp}},
      {"qp-scale", {kGanQp}},
      {"restart-probability", {kEnergy}},
      {"walk", {kEnergy}},
      {"refresh", {kEnergy}},
      {"energy-l2", {kEnergy}},
      {"variance", {kEnergy}}};
  for (const auto& [option, systems] : readers) {
    if (std::ranges::find(given, option) == given.end()) continue;
    if (std::ranges::find(systems, kind) != systems.end()) continue;
    std::string names;
    for (const DiracKind each : systems) {
      names += (names.empty() ? "" : ", ") +
               std::string(base::name_of<DiracKind>("system", kDiracKinds, each));
    }
    throw Error(ErrorCode::kUsage, std::string(option) + ": not for " +
                                       base::name_of<DiracKind>("system", kDiracKinds, kind) +
                                       "; it is a parameter of " + names);
  }
}

DiracSystem dirac_system(DiracKind kind, const DiracOptions& options) {
  options.validate();
  const auto entry = std::ranges::find(kEntries, kind, &SystemEntry::kind);
  if (entry == std::end(kEntries)) {
    throw Error(ErrorCode::kInternal, "a kind is missing from the table of systems");
  }
  return {.kind = kind,
          .rates = [options, rates = entry->rates](
                       std::span<const double> state,
                       std::span<double> result) { rates(options, View(state, result)); },
          .clip = options.clip,
          .is_smooth_at_zero = entry->is_smooth_at_zero};
}

std::string describe_dirac_systems() {
  return
      R"(Systems: data at 0, generated point theta, critic D(x) = phi.x, s = theta.phi
  minimax    phi' = -sigma(s) theta - 2 lambda phi   theta' = sigma(s) phi
  ns         phi' = -sigma(s) theta - 2 lambda phi   theta' = (1 - sigma(s)) phi
  wgan       phi' = -theta - 2 lambda phi            theta' = phi
  wgan-unit  D(x) = phi.x/|phi|                      theta' = phi/|phi|
  wgan-gp    phi' = -theta - 2 lambda (1 - 1/|phi|) phi  theta' = phi
  gan-qp     phi' = -theta - s/(scale |theta|) theta  theta' = phi
  ebm        an energy E(x) = -phi.x trained by a replay buffer of mean theta:
             x = (1 - p) theta + walk phi,  theta' = refresh (x - theta),
             phi' = -x - 2 alpha (variance phi + (phi.x) x)
)";
}

}  // namespace ebm::gan
