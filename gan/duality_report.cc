#include "gan/duality_report.h"

#include <nlohmann/json.hpp>

#include "base/printed.h"

namespace ebm::gan {
namespace {

using base::printed;

std::string row(const char* name, double value, const std::string& what) {
  return printed("%-28s %12.7g   %s\n", name, value, what.c_str());
}

}  // namespace

std::string duality_text(const DualityReport& report) {
  const Duality& found = report.found;
  const bool metric = report.cost == Cost::kEuclidean;
  std::string text =
      printed("%lld rows each of %s and %s, dim %lld, cost %s\n\n", static_cast<long long>(found.n),
              report.real.c_str(), report.fake.c_str(), static_cast<long long>(found.dim),
              metric ? "|x - y|" : "|x - y|^2");
  text += row("primal, network simplex", found.transport.primal, metric ? "W1" : "W2 squared");
  text += row("dual, f and g", found.transport.dual,
              "the same: gap " + printed("%.2g", found.transport.primal - found.transport.dual));
  const bool is_less = found.one_function < found.transport.primal * (1.0 - 1e-9);
  text += row("dual, g = -f", found.one_function,
              metric    ? "the same, as the cost is a metric"
              : is_less ? "less: the square of a distance is no metric"
                        : "the same here, although the square of a distance is no metric");
  if (found.closed_form) text += row("closed form on a line", *found.closed_form, "the same");
  if (!found.penalised) return text;
  text += row("critic, gradient penalty", found.penalised->value,
              "no bound: gradient norms up to " + printed("%.4g", found.penalised->gradient_norm) +
                  " at the rows");
  // Power iterations see a norm from below, so that it may be a little above 1.
  text +=
      row("critic, spectral norm", found.held->value,
          "gradient norm at most " + printed("%.6g", found.held->gradient_norm) +
              ": W1 is at least " + printed("%.7g", found.held->value / found.held->gradient_norm));
  return text;
}

nlohmann::ordered_json duality_json(const DualityReport& report) {
  const Duality& found = report.found;
  nlohmann::ordered_json document{{"real", report.real},
                                  {"fake", report.fake},
                                  {"n", found.n},
                                  {"dim", found.dim},
                                  {"cost", base::name_of("cost", kCosts, report.cost)},
                                  {"primal", found.transport.primal},
                                  {"dual", found.transport.dual},
                                  {"dual_one_function", found.one_function}};
  if (found.closed_form) document["closed_form"] = *found.closed_form;
  const auto add = [&](const char* name, const std::optional<CriticEstimate>& critic) {
    if (critic) document[name] = {{"value", critic->value}, {"slope", critic->gradient_norm}};
  };
  add("critic_gradient_penalty", found.penalised);
  add("critic_spectral_norm", found.held);
  return document;
}

}  // namespace ebm::gan
