#include "gan/dirac_report.h"

#include <cmath>
#include <complex>
#include <nlohmann/json.hpp>

#include "base/number_text.h"
#include "base/printed.h"

namespace ebm::gan {
namespace {

using base::printed;

std::string complex_text(const std::complex<double>& value) {
  // A difference quotient leaves rounding errors of a zero.
  const double real = std::abs(value.real()) < 1e-8 ? 0.0 : value.real();
  if (std::abs(value.imag()) < 1e-8) return printed("%.6g", real);
  return printed("%.6g%+.6gi", real, value.imag());
}

const char* fate_of(double growth) {
  if (growth < -1e-8) return "converges to it";
  return growth > 1e-8 ? "leaves it" : "circles around it, to first order";
}

}  // namespace

std::string dirac_text(const DiracReport& report) {
  const bool has_steps = report.run.n_steps.has_value();
  std::string text =
      report.system + ", " +
      (has_steps ? "steps of " + base::number_text(report.run.step_size) + ", " + report.turns
                 : "the flow, by Runge-Kutta") +
      "\n\n";
  const bool plane = report.rows.front().angular_momentum.has_value();
  text += printed("%12s %12s %12s%s\n", has_steps ? "step" : "time", "|theta|", "|phi|",
                  plane ? "            L" : "");
  for (const DiracFigures& row : report.rows) {
    text += printed("%12.6g %12.6g %12.6g", row.time, row.theta_norm, row.phi_norm);
    if (plane) text += printed(" %12.6g", *row.angular_momentum);
    text += "\n";
  }
  text += "\n";
  if (!report.local.flow) return text + "not differentiable at (0, 0): no eigenvalues\n";
  text += "eigenvalues at (0, 0):";
  for (const auto& value : report.local.flow->eigenvalues) text += "  " + complex_text(value);
  text += printed("\nthe flow %s\n", fate_of(report.local.flow->greatest_real_part));
  if (const auto& radius = report.local.spectral_radius) {
    text +=
        printed("spectral radius of a step: %.6f\na step %s\n", *radius, fate_of(*radius - 1.0));
  }
  return text;
}

nlohmann::ordered_json dirac_json(const DiracReport& report) {
  nlohmann::ordered_json document{{"system", report.system}, {"rows", nlohmann::json::array()}};
  for (const DiracFigures& row : report.rows) {
    nlohmann::ordered_json each{{report.run.n_steps ? "step" : "time", row.time},
                                {"theta_norm", row.theta_norm},
                                {"phi_norm", row.phi_norm}};
    if (row.angular_momentum) each["angular_momentum"] = *row.angular_momentum;
    document["rows"].push_back(each);
  }
  if (const auto& flow = report.local.flow) {
    auto& values = document["eigenvalues"] = nlohmann::json::array();
    for (const auto& value : flow->eigenvalues) values.push_back({value.real(), value.imag()});
  }
  if (report.local.spectral_radius) document["spectral_radius"] = *report.local.spectral_radius;
  if (!report.picture.empty()) document["picture"] = report.picture;
  return document;
}

}  // namespace ebm::gan
