#include "evaluation/log_z_run.h"

#include <chrono>
#include <string>
#include <utility>

#include "base/printed.h"

namespace ebm::evaluation {
namespace {

/// Reports how far one phase is.
class Phase {
 public:
  Phase(const OnProgress& on_progress, std::string name)
      : on_progress_(on_progress), name_(std::move(name)) {}
  bool operator()(double fraction) const {
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    if (on_progress_)
      on_progress_({.task = Task::kLogZ, .phase = name_, .fraction = fraction, .seconds = seconds});
    return true;
  }

 private:
  const OnProgress& on_progress_;
  std::string name_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

std::optional<double> LogZEstimates::gap() const {
  if (!reverse) return std::nullopt;
  return reverse->log_z - forward.log_z;
}

std::vector<std::string> LogZEstimates::warnings() const {
  std::vector<std::string> lines;
  const auto check = [&](const char* name, const samplers::LogZEstimate& run) {
    if (run.ess >= kMinEss) return;
    lines.push_back(base::printed(
        "log Z: the effective sample size of the %s run is %.1f of %lld chains, so that its error "
        "is unknown; take more temperatures, or more chains",
        name, run.ess, static_cast<long long>(run.n_chains)));
  };
  check("forward", forward);
  if (reverse) check("reverse", *reverse);
  return lines;
}

namespace {

/// Both directions of an estimator.
template <class Annealing>
LogZRun run_both(Annealing& ais, std::int64_t n, std::span<const float> target_rows,
                 const OnProgress& on_progress) {
  LogZRun run;
  // Samples that do not fit must not cost the forward run.
  if (!target_rows.empty()) {
    run.estimates.reverse = ais.reverse(target_rows, Phase(on_progress, "reverse"));
  }
  run.estimates.forward = ais.forward(n, Phase(on_progress, "forward")).value();
  run.log_z_base = ais.log_z_base();
  return run;
}

}  // namespace

LogZRun run_log_z(std::shared_ptr<const samplers::Energy> energy,
                  const samplers::AnnealedImportanceOptions& options, std::int64_t n,
                  std::span<const float> target_rows, const OnProgress& on_progress) {
  samplers::AnnealedImportance ais(std::move(energy), options);
  ais.tune(Phase(on_progress, "pilot"));
  LogZRun run = run_both(ais, n, target_rows, on_progress);
  run.step_sizes = ais.step_sizes();
  return run;
}

LogZRun run_log_z(std::shared_ptr<const samplers::Energy> energy,
                  const samplers::DiffusionAnnealingOptions& options, std::int64_t n,
                  std::span<const float> target_rows, const OnProgress& on_progress) {
  samplers::DiffusionAnnealing ais(std::move(energy), options);
  return run_both(ais, n, target_rows, on_progress);
}

}  // namespace ebm::evaluation
