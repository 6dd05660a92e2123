#include "gan/objectives/objective.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/require.h"
#include "gan/objectives/objective_parts.h"

namespace ebm::gan {
namespace {

struct Entry {
  ObjectiveKind kind;
  const char* name;
  ObjectiveOptions own;  ///< defaults of the options that it has
  std::unique_ptr<const Objective> (*make)(const ObjectiveOptions& options);
};

const std::vector<Entry>& entries() {
  using Options = const ObjectiveOptions&;
  static const std::vector<Entry> all = {
      {ObjectiveKind::kNonSaturating, "ns", {}, [](Options) { return make_non_saturating(0.0); }},
      {ObjectiveKind::kR1,
       "r1",
       {.penalty = 5.0},
       [](Options own) { return make_non_saturating(*own.penalty); }},
      {ObjectiveKind::kHinge, "hinge", {}, [](Options) { return make_hinge(); }},
      {ObjectiveKind::kLeastSquares,
       "least-squares",
       {},
       [](Options) { return make_least_squares(); }},
      {ObjectiveKind::kRelativistic,
       "relativistic",
       {},
       [](Options) { return make_relativistic(); }},
      {ObjectiveKind::kWgan,
       "wgan",
       {.clip = 0.01},
       [](Options own) { return make_wgan(*own.clip); }},
      {ObjectiveKind::kWganGp,
       "wgan-gp",
       {.penalty = 10.0},
       [](Options own) { return make_wgan_gp(*own.penalty); }},
      {ObjectiveKind::kWganDiv,
       "wgan-div",
       {.penalty = 2.0},
       [](Options own) { return make_wgan_div(*own.penalty); }},
      {ObjectiveKind::kGanQp,
       "gan-qp",
       {.qp_scale = 10.0},
       [](Options own) { return make_gan_qp(*own.qp_scale); }},
      {ObjectiveKind::kEnergy,
       "energy",
       {.penalty = 1.0},
       [](Options own) { return make_energy(*own.penalty); }},
  };
  return all;
}

/// What an entry takes of the options.
ObjectiveOptions options_of(const Entry& entry, const ObjectiveOptions& given) {
  ObjectiveOptions own = entry.own;
  const auto take = [&](const char* key, std::optional<double>& value,
                        const std::optional<double>& asked) {
    if (!asked) return;
    if (!value) {
      throw Error(ErrorCode::kUsage,
                  std::string(key) + ": the objective " + entry.name + " has none");
    }
    value = asked;
  };
  take("penalty", own.penalty, given.penalty);
  take("clip", own.clip, given.clip);
  take("qp_scale", own.qp_scale, given.qp_scale);
  return own;
}

class SumOfTerms : public Objective {
 public:
  explicit SumOfTerms(const OutputTerms& terms) : terms_(terms) {}

  OutputLoss critic_loss(const CriticOutputs& outputs) const override {
    OutputLoss loss = zero_loss(outputs);
    add_mean(outputs.real, terms_.real.value, terms_.real.derivative, loss.value, loss.real);
    add_mean(outputs.fake, terms_.fake.value, terms_.fake.derivative, loss.value, loss.fake);
    return loss;
  }

  OutputLoss generator_loss(const CriticOutputs& outputs) const override {
    OutputLoss loss = zero_loss(outputs);
    add_mean(outputs.fake, terms_.generator.value, terms_.generator.derivative, loss.value,
             loss.fake);
    return loss;
  }

  std::optional<GradientPenalty> gradient_penalty() const override { return terms_.penalty; }
  double weight_clip() const override { return terms_.weight_clip; }

 private:
  OutputTerms terms_;
};

}  // namespace

void ObjectiveOptions::validate() const {
  if (penalty) base::require_non_negative("penalty", *penalty);
  if (clip) base::require_positive("clip", *clip);
  if (qp_scale) base::require_positive("qp_scale", *qp_scale);
}

bool Objective::constrains_gradient() const {
  const auto penalty = gradient_penalty();
  return (penalty && penalty->weight > 0.0) || std::isfinite(weight_clip()) || wants_distances();
}

std::span<const base::Choice<ObjectiveKind>> objective_choices() {
  static const auto choices = [] {
    std::vector<base::Choice<ObjectiveKind>> all;
    for (const Entry& entry : entries()) all.push_back({entry.name, entry.kind});
    return all;
  }();
  return choices;
}

std::unique_ptr<const Objective> make_objective(ObjectiveKind kind,
                                                const ObjectiveOptions& options) {
  options.validate();
  for (const Entry& entry : entries()) {
    if (kind == entry.kind) return entry.make(options_of(entry, options));
  }
  throw Error(ErrorCode::kInternal, "an objective is missing from the table of objectives");
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

GradientPenalty squared_norm_penalty(double weight) {
  return {.at = GradientPenalty::At::kReal,
          .value = [](double w, double norm) { return w * norm * norm; },
          .derivative = [](double w, double norm) { return 2.0 * w * norm; },
          .weight = weight};
}

}  // namespace ebm::gan
