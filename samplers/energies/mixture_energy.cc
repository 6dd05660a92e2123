#include "samplers/energies/mixture_energy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "base/aligned_vector.h"
#include "base/require.h"

namespace ebm::samplers {
namespace {

/// ln Σ exp(a_i) of numbers that come one after the other, kept as ln = largest + ln sum.
class LogSum {
 public:
  /// How a new number changes sums that are scaled by exp(−largest).
  struct Change {
    double keep;  ///< factor of what is there
    double add;   ///< factor of what is new
  };

  Change add(double a) {
    // Of density 0; and both of them at −inf would be NaN.
    if (a == -std::numeric_limits<double>::infinity()) return {1.0, 0.0};
    Change change{1.0, 1.0};
    if (a > largest_) {
      change.keep = std::exp(largest_ - a);
      largest_ = a;
    } else {
      change.add = std::exp(a - largest_);
    }
    sum_ = change.keep * sum_ + change.add;
    return change;
  }
  double log() const { return largest_ + std::log(sum_); }
  double sum() const { return sum_; }

 private:
  double largest_ = -std::numeric_limits<double>::infinity();
  double sum_ = 0.0;
};

/// One pass over the terms: gradients are summed with weights relative to the largest term so far.
class MixtureEvaluator : public Evaluator {
 public:
  MixtureEvaluator(const std::vector<MixtureEnergy::Term>& terms, double temperature,
                   std::int64_t max_blocks)
      : evaluators_(terms, max_blocks),
        temperature_(temperature),
        dim_(static_cast<std::size_t>(terms.front().energy->dim())),
        sums_(static_cast<std::size_t>(max_blocks * kLanes)),
        energy_(sums_.size()),
        energy_grad_(energy_.size() * dim_) {
    for (const auto& term : terms) log_weights_.push_back(std::log(double{term.weight}));
  }

  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    const std::span<float> term_energy(energy_.data(), energy.size());
    const std::span<float> term_grad(energy_grad_.data(), energy_grad.size());
    std::fill(sums_.begin(), sums_.end(), LogSum());
    std::fill(energy_grad.begin(), energy_grad.end(), 0.0f);
    for (std::size_t i = 0; i < evaluators_.size(); ++i) {
      evaluators_.evaluate(i, chains, term_energy, term_grad);
      for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
        add(log_weights_[i], block, term_energy, term_grad, energy_grad);
      }
    }
    for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
      finish(block, energy, energy_grad);
    }
  }

 private:
  static constexpr std::size_t kWidth = kLanes;
  using Factors = std::array<float, kWidth>;

  void add(double log_weight, std::int64_t block, std::span<const float> term_energy,
           std::span<const float> term_grad, std::span<float> energy_grad) {
    const std::size_t first = static_cast<std::size_t>(block) * kWidth;
    Factors keep, add;
    for (std::size_t lane = 0; lane < kWidth; ++lane) {
      const double over_t = double{term_energy[first + lane]} / temperature_;
      const LogSum::Change change = sums_[first + lane].add(log_weight - over_t);
      keep[lane] = static_cast<float>(change.keep);
      add[lane] = static_cast<float>(change.add);
    }
    for (std::size_t row = first * dim_; row < (first + kWidth) * dim_; row += kWidth) {
      for (std::size_t lane = 0; lane < kWidth; ++lane) {
        // What has no weight adds nothing, even where its gradient is not finite.
        const float old = keep[lane] == 0.0f ? 0.0f : keep[lane] * energy_grad[row + lane];
        const float more = add[lane] == 0.0f ? 0.0f : add[lane] * term_grad[row + lane];
        energy_grad[row + lane] = old + more;
      }
    }
  }

  void finish(std::int64_t block, std::span<float> energy, std::span<float> energy_grad) {
    const std::size_t first = static_cast<std::size_t>(block) * kWidth;
    Factors scale;
    for (std::size_t lane = 0; lane < kWidth; ++lane) {
      const LogSum& sum = sums_[first + lane];
      energy[first + lane] = static_cast<float>(-temperature_ * sum.log());
      scale[lane] = static_cast<float>(1.0 / sum.sum());
    }
    for (std::size_t row = first * dim_; row < (first + kWidth) * dim_; row += kWidth) {
      for (std::size_t lane = 0; lane < kWidth; ++lane) energy_grad[row + lane] *= scale[lane];
    }
  }

  TermEvaluators evaluators_;
  std::vector<double> log_weights_;
  double temperature_;
  std::size_t dim_;
  std::vector<LogSum> sums_;
  base::AlignedVector<float> energy_, energy_grad_;
};

}  // namespace

MixtureEnergy::MixtureEnergy(std::vector<Term> terms, float temperature)
    : terms_(std::move(terms)), temperature_(temperature), context_dim_(require_terms(terms_)) {
  base::require_positive("temperature", double{temperature});
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    base::require_positive("terms[" + std::to_string(i) + "].weight", double{terms_[i].weight});
  }
}

std::optional<double> MixtureEnergy::log_z() const {
  if (temperature_ != 1.0f) return std::nullopt;
  LogSum sum;
  for (const Term& term : terms_) {
    const std::optional<double> log_z = term.energy->log_z();
    if (!log_z) return std::nullopt;
    sum.add(std::log(double{term.weight}) + *log_z);
  }
  return sum.log();
}

std::unique_ptr<Evaluator> MixtureEnergy::make_evaluator(std::int64_t max_blocks) const {
  return std::make_unique<MixtureEvaluator>(terms_, double{temperature_}, max_blocks);
}

}  // namespace ebm::samplers
