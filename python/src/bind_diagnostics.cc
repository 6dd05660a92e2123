#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "python/src/arrays.h"
#include "python/src/bind.h"
#include "python/src/compute.h"
#include "samplers/diagnostics/diagnosis.h"

namespace ebm::python {
namespace {

/// @param draws  [n_draws, n_chains, dim]; the others as samplers::Trace has them, or empty
nb::dict diagnose(const Array& draws, const std::vector<std::string>& names, const Array& energies,
                  const Array& hamiltonians, const std::vector<double>& acceptance,
                  const std::vector<std::int64_t>& n_divergent, std::optional<double> seconds,
                  int n_threads) {
  if (draws.ndim() != 3) {
    throw Error(ErrorCode::kShape, "draws have " + std::to_string(draws.ndim()) +
                                       " axes; expected [draws, chains, dim]");
  }
  const samplers::Trace trace{.n_draws = static_cast<std::int64_t>(draws.shape(0)),
                              .n_chains = static_cast<std::int64_t>(draws.shape(1)),
                              .dim = static_cast<std::int64_t>(draws.shape(2)),
                              .x = values_of(draws),
                              .names = names,
                              .energy = values_of(energies),
                              .total_energy = values_of(hamiltonians),
                              .acceptance = acceptance,
                              .n_divergent = n_divergent,
                              .seconds = seconds};
  const samplers::Diagnosis found =
      compute([&] { return samplers::diagnose(trace, {.n_threads = n_threads}); });
  nb::list rows;
  for (const samplers::ScalarSummary& each : found.rows) {
    nb::dict row;
    row["name"] = each.name;
    row["mean"] = each.mean;
    row["mcse_mean"] = each.mcse_mean;
    row["sd"] = each.sd;
    row["q5"] = each.q5;
    row["q50"] = each.q50;
    row["q95"] = each.q95;
    row["ess_bulk"] = each.ess_bulk;
    row["ess_tail"] = each.ess_tail;
    row["ess_bulk_per_s"] = each.ess_bulk_per_s;
    row["r_hat"] = each.rhat;
    row["lag_1"] = each.lag1;
    rows.append(row);
  }
  nb::dict out;
  out["rows"] = rows;
  out["e_bfmi"] = found.least_e_bfmi();
  out["acceptance"] = found.mean_acceptance();
  out["n_divergent"] = found.total_divergent();
  out["warnings"] = found.warnings;
  return out;
}

}  // namespace

void bind_diagnostics(nb::module_& module) { module.def("diagnose", diagnose); }

}  // namespace ebm::python
