#include "gan/objective.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/require.h"
#include "gan/objective_parts.h"

namespace ebm::gan {
namespace {

struct Entry {
  const char* name;
  std::optional<double> penalty;  ///< its own weight; nothing for one that has no penalty
  std::unique_ptr<const Objective> (*make)(double penalty, const ObjectiveOptions& options);
};

const std::vector<Entry>& entries() {
  using Options = const ObjectiveOptions&;
  static const std::vector<Entry> all = {
      {"ns", std::nullopt, [](double, Options) { return make_non_saturating(0.0); }},
      {"r1", 5.0, [](double penalty, Options) { return make_non_saturating(penalty); }},
      {"hinge", std::nullopt, [](double, Options) { return make_hinge(); }},
      {"least-squares", std::nullopt, [](double, Options) { return make_least_squares(); }},
      {"relativistic", std::nullopt, [](double, Options) { return make_relativistic(); }},
      {"wgan", std::nullopt, [](double, Options options) { return make_wgan(options.clip); }},
      {"wgan-gp", 10.0, [](double penalty, Options) { return make_wgan_gp(penalty); }},
      {"wgan-div", 2.0, [](double penalty, Options) { return make_wgan_div(penalty); }},
      {"gan-qp", std::nullopt,
       [](double, Options options) { return make_gan_qp(options.qp_scale); }},
      {"energy", 1.0, [](double penalty, Options) { return make_energy_game(penalty); }},
  };
  return all;
}

class SumOfTerms : public Objective {
 public:
  explicit SumOfTerms(const OutputTerms& terms) : terms_(terms) {}

  OutputLoss critic_loss(const CriticOutputs& outputs) const override {
    OutputLoss loss = zero_loss(outputs);
    add_mean(outputs.real, terms_.real.value, terms_.real.slope, loss.value, loss.real);
    add_mean(outputs.fake, terms_.fake.value, terms_.fake.slope, loss.value, loss.fake);
    return loss;
  }

  OutputLoss generator_loss(const CriticOutputs& outputs) const override {
    OutputLoss loss = zero_loss(outputs);
    add_mean(outputs.fake, terms_.generator.value, terms_.generator.slope, loss.value, loss.fake);
    return loss;
  }

  std::optional<SlopePenalty> slope_penalty() const override { return terms_.penalty; }
  double weight_clip() const override { return terms_.weight_clip; }

 private:
  OutputTerms terms_;
};

}  // namespace

void ObjectiveOptions::validate() const {
  if (penalty) base::require_non_negative("penalty", *penalty);
  base::require_positive("clip", clip);
  base::require_positive("qp_scale", qp_scale);
}

std::unique_ptr<const Objective> make_objective(const std::string& name,
                                                const ObjectiveOptions& options) {
  options.validate();
  for (const Entry& entry : entries()) {
    if (name != entry.name) continue;
    if (options.penalty && !entry.penalty) {
      throw Error(ErrorCode::kUsage, "penalty: the objective " + name + " has none");
    }
    return entry.make(options.penalty.value_or(entry.penalty.value_or(0.0)), options);
  }
  std::string known;
  for (const auto& each : objective_names()) known += (known.empty() ? "" : ", ") + each;
  throw Error(ErrorCode::kUsage, "objective = " + name + ": must be one of " + known);
}

std::vector<std::string> objective_names() {
  std::vector<std::string> names;
  for (const Entry& entry : entries()) names.emplace_back(entry.name);
  return names;
}

void require_pairs(const CriticOutputs& outputs) {
  if (!outputs.real.empty() && outputs.real.size() == outputs.fake.size()) return;
  throw Error(ErrorCode::kShape, "critic outputs: " + std::to_string(outputs.real.size()) +
                                     " of data and " + std::to_string(outputs.fake.size()) +
                                     " of the generator; must be as many, and 1 at least");
}

std::unique_ptr<const Objective> make_sum_of_terms(const OutputTerms& terms) {
  return std::make_unique<SumOfTerms>(terms);
}

double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }

double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

double mean_of(std::span<const float> values) {
  double sum = 0.0;
  for (const float value : values) sum += double{value};
  return sum / static_cast<double>(values.size());
}

OutputLoss zero_loss(const CriticOutputs& outputs) {
  require_pairs(outputs);
  return {.value = 0.0,
          .real = std::vector<double>(outputs.real.size(), 0.0),
          .fake = std::vector<double>(outputs.fake.size(), 0.0)};
}

SlopePenalty squared_slope(double weight) {
  return {.at = SlopePenalty::At::kReal,
          .price = [](double w, double norm) { return w * norm * norm; },
          .growth = [](double w, double norm) { return 2.0 * w * norm; },
          .weight = weight};
}

}  // namespace ebm::gan
