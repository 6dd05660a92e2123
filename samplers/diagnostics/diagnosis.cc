#include "samplers/diagnostics/diagnosis.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/number_text.h"
#include "base/parallel.h"
#include "samplers/diagnostics/diagnosis_warnings.h"
#include "samplers/diagnostics/e_bfmi.h"

namespace ebm::samplers {
namespace {

void require_size(const char* name, std::size_t size, std::int64_t right) {
  if (size == 0 || static_cast<std::int64_t>(size) == right) return;
  throw Error(ErrorCode::kShape, std::string(name) + " of a trace has " + std::to_string(size) +
                                     " numbers: must be " + std::to_string(right));
}

void require_not_negative(const char* name, double value) {
  if (value >= 0.0) return;
  throw Error(ErrorCode::kUsage,
              std::string(name) + " = " + base::number_text(value) + ": must be 0 or more");
}

/// Column `d` of rows [n_draws, n_chains, width], chain by chain.
Draws gather(const Trace& trace, std::span<const float> rows, std::int64_t width, std::int64_t d) {
  Draws out{std::vector<double>(static_cast<std::size_t>(trace.n_draws * trace.n_chains)),
            trace.n_draws, trace.n_chains};
  for (std::int64_t c = 0; c < trace.n_chains; ++c) {
    for (std::int64_t i = 0; i < trace.n_draws; ++i) {
      out.values[static_cast<std::size_t>(c * trace.n_draws + i)] =
          rows[static_cast<std::size_t>((i * trace.n_chains + c) * width + d)];
    }
  }
  return out;
}

}  // namespace

void Trace::validate() const {
  if (n_draws < 0 || n_chains < 0 || dim < 0) {
    throw Error(ErrorCode::kShape, "a trace of n_draws = " + std::to_string(n_draws) +
                                       ", n_chains = " + std::to_string(n_chains) +
                                       ", dim = " + std::to_string(dim) + ": none may be negative");
  }
  require_size("x", x.size(), n_draws * n_chains * dim);
  require_size("names", names.size(), dim);
  require_size("energy", energy.size(), n_draws * n_chains);
  require_size("total_energy", total_energy.size(), n_draws * n_chains);
  require_size("acceptance", acceptance.size(), n_chains);
  require_size("n_divergent", n_divergent.size(), n_chains);
}

void DiagnosisOptions::validate() const {
  require_not_negative("max_rhat", max_rhat);
  require_not_negative("min_ess_per_chain", min_ess_per_chain);
  require_not_negative("min_ess", min_ess);
  require_not_negative("min_e_bfmi", min_e_bfmi);
  require_not_negative("min_acceptance", min_acceptance);
  require_not_negative("min_chain_acceptance", min_chain_acceptance);
  if (n_threads < 1) {
    throw Error(ErrorCode::kUsage,
                "n_threads = " + std::to_string(n_threads) + ": must be at least 1");
  }
}

std::optional<double> Diagnosis::least_e_bfmi() const {
  std::optional<double> least;
  for (const double value : e_bfmi) {
    if (!std::isnan(value)) least = std::min(value, least.value_or(value));
  }
  return least;
}

std::optional<double> Diagnosis::mean_acceptance() const {
  if (acceptance.empty()) return std::nullopt;
  double sum = 0.0;
  for (const double value : acceptance) sum += value;
  return sum / static_cast<double>(acceptance.size());
}

std::optional<std::int64_t> Diagnosis::total_divergent() const {
  if (n_divergent.empty()) return std::nullopt;
  std::int64_t sum = 0;
  for (const std::int64_t n : n_divergent) sum += n;
  return sum;
}

Diagnosis diagnose(const Trace& trace, const DiagnosisOptions& options) {
  trace.validate();
  options.validate();
  Diagnosis out{.n_draws = trace.n_draws,
                .n_chains = trace.n_chains,
                .seconds = trace.seconds,
                .acceptance = {trace.acceptance.begin(), trace.acceptance.end()},
                .n_divergent = {trace.n_divergent.begin(), trace.n_divergent.end()}};
  const std::int64_t n_energies = trace.energy.empty() ? 0 : 1;
  const std::int64_t n_rows = n_energies + (trace.x.empty() ? 0 : trace.dim);
  out.rows.resize(static_cast<std::size_t>(n_rows));
  base::parallel_for(n_rows, options.n_threads, [&](std::int64_t row) {
    const std::int64_t d = row - n_energies;
    const auto name_of = [&] {
      return trace.names.empty() ? "x[" + std::to_string(d) + "]"
                                 : trace.names[static_cast<std::size_t>(d)];
    };
    out.rows[static_cast<std::size_t>(row)] =
        d < 0 ? summarize("energy", gather(trace, trace.energy, 1, 0).view(), trace.seconds)
              : summarize(name_of(), gather(trace, trace.x, trace.dim, d).view(), trace.seconds);
  });
  if (!trace.total_energy.empty()) {
    out.e_bfmi = e_bfmi(gather(trace, trace.total_energy, 1, 0).view());
  }
  out.warnings = diagnosis_warnings(out, options);
  return out;
}

}  // namespace ebm::samplers
