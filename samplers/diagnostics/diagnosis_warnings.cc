#include "samplers/diagnostics/diagnosis_warnings.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <utility>

#include "base/number_text.h"

namespace ebm::samplers {
namespace {

/// Which items have a problem.
struct Trouble {
  std::size_t n = 0;      ///< in trouble
  std::size_t n_all = 0;  ///< there are
  std::size_t worst = 0;  ///< the worst one
};

/// @param excess  of thing i, positive if it is in trouble
Trouble find_trouble(std::size_t n_all, const std::function<double(std::size_t)>& excess) {
  Trouble found{.n = 0, .n_all = n_all, .worst = 0};
  double most = 0.0;
  for (std::size_t i = 0; i < n_all; ++i) {
    const double value = excess(i);
    if (!(value > 0.0)) continue;  // NaN: not known to have a problem
    if (found.n == 0 || value > most) {
      most = value;
      found.worst = i;
    }
    ++found.n;
  }
  return found;
}

std::string share(const Trouble& found, const char* things) {
  return std::to_string(found.n) + " of " + std::to_string(found.n_all) + " " + things;
}

std::string digits(double value, const char* format) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

class Warnings {
 public:
  Warnings(const Diagnosis& diagnosis, const DiagnosisOptions& options)
      : d_(diagnosis), options_(options) {}

  std::vector<std::string> all() {
    undiagnosed();
    rhat();
    ess("bulk", &ScalarSummary::ess_bulk, "their means and medians are uncertain");
    ess("tail", &ScalarSummary::ess_tail, "their outer quantiles are uncertain");
    e_bfmi();
    divergent();
    acceptance();
    return std::move(lines_);
  }

 private:
  void undiagnosed() {
    if (d_.n_draws < kMinDraws) {
      lines_.push_back(std::to_string(d_.n_draws) +
                       " draws per chain are too few to assess convergence: at least " +
                       std::to_string(kMinDraws) + " are needed");
      return;
    }
    undiagnosed(DrawsState::kNonFinite, "have draws that are not finite: the chains diverged");
    undiagnosed(DrawsState::kConstant,
                "are constant: the chains do not move there, or sit at the wall of a box");
  }
  void undiagnosed(DrawsState state, const char* meaning) {
    const auto found = find_trouble(
        d_.rows.size(), [&](std::size_t i) { return d_.rows[i].state == state ? 1.0 : 0.0; });
    if (found.n == 0) return;
    lines_.push_back(share(found, "scalars") + " (the first is " + d_.rows[found.worst].name +
                     ") " + meaning);
  }

  void rhat() {
    const auto found = find_trouble(
        d_.rows.size(), [&](std::size_t i) { return d_.rows[i].rhat - options_.max_rhat; });
    if (found.n == 0) return;
    const ScalarSummary& worst = d_.rows[found.worst];
    lines_.push_back(
        "R-hat of " + share(found, "scalars") + " is above " +
        base::number_text(options_.max_rhat) + ", the largest " + digits(worst.rhat, "%.4g") +
        " of " + worst.name +
        ": the chains have not forgotten where they started, or stay in different places; make " +
        "more steps, and drop more of the first ones");
  }

  void ess(const char* kind, double ScalarSummary::*value, const char* meaning) {
    const double enough =
        std::min(options_.min_ess_per_chain * static_cast<double>(d_.n_chains), options_.min_ess);
    const auto found =
        find_trouble(d_.rows.size(), [&](std::size_t i) { return enough - d_.rows[i].*value; });
    if (found.n == 0) return;
    const ScalarSummary& worst = d_.rows[found.worst];
    lines_.push_back(std::string(kind) + " ESS of " + share(found, "scalars") + " is below " +
                     base::number_text(enough) + ", the smallest " + digits(worst.*value, "%.4g") +
                     " of " + worst.name + " (autocorrelation of neighbouring draws " +
                     digits(worst.lag1, "%.3f") + "): " + meaning +
                     "; make more steps or larger ones");
  }

  void e_bfmi() {
    const auto found = find_trouble(
        d_.e_bfmi.size(), [&](std::size_t i) { return options_.min_e_bfmi - d_.e_bfmi[i]; });
    if (found.n == 0) return;
    lines_.push_back("E-BFMI of " + share(found, "chains") + " is below " +
                     base::number_text(options_.min_e_bfmi) + ", the smallest " +
                     digits(d_.e_bfmi[found.worst], "%.3g") + " of chain " +
                     std::to_string(found.worst) +
                     ": the momentum moves the energy too little to reach the tails; make more " +
                     "steps, or scale the coordinates alike");
  }

  void divergent() {
    const auto found = find_trouble(d_.n_divergent.size(), [&](std::size_t i) {
      return static_cast<double>(d_.n_divergent[i]);
    });
    if (found.n == 0) return;
    lines_.push_back(std::to_string(*d_.total_divergent()) + " divergent steps in " +
                     share(found, "chains") + ", most in chain " + std::to_string(found.worst) +
                     " (" + std::to_string(d_.n_divergent[found.worst]) +
                     "): draws are missing where the energy is steep; take a smaller step size");
  }

  void acceptance() {
    if (const auto mean = d_.mean_acceptance(); mean && *mean < options_.min_acceptance) {
      lines_.push_back("acceptance is " + digits(*mean, "%.3g") + " on average, below " +
                       base::number_text(options_.min_acceptance) +
                       ": most proposals are rejected; take a smaller step size");
    }
    const auto found = find_trouble(d_.acceptance.size(), [&](std::size_t i) {
      return options_.min_chain_acceptance - d_.acceptance[i];
    });
    if (found.n == 0) return;
    lines_.push_back("acceptance of " + share(found, "chains") + " is below " +
                     base::number_text(options_.min_chain_acceptance) + ", the smallest " +
                     digits(d_.acceptance[found.worst], "%.3g") + " of chain " +
                     std::to_string(found.worst) +
                     ": it is stuck; start it elsewhere or take a smaller step size");
  }

  const Diagnosis& d_;
  const DiagnosisOptions& options_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> diagnosis_warnings(const Diagnosis& diagnosis,
                                            const DiagnosisOptions& options) {
  return Warnings(diagnosis, options).all();
}

}  // namespace ebm::samplers
