#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "evaluation/precise_energies.h"
#include "evaluation/progress.h"
#include "evaluation/report/log_z_report.h"
#include "models/open_model.h"
#include "samplers/box.h"

namespace ebm::evaluation {

/// How log Z is to be estimated, by the names of the options of `ebm logz`.
struct LogZRequest {
  std::int64_t n = 1024;             ///< forward chains
  std::int64_t temperatures = 1000;  ///< values of β, or levels of noise
  std::string path;  ///< beta or noise; empty: noise for a model that goes through levels
  std::string schedule = "sigmoidal";
  std::int64_t steps = 1;  ///< transitions at each β
  std::string sampler = "hmc";
  std::optional<std::int64_t> leapfrog;
  std::string base;
  std::optional<double> base_sd;
  std::vector<double> box;
  double temperature = 1.0;
  std::int64_t seed = 0;
  int n_threads = 1;
  bool in_bf16 = false;  ///< whether somebody asked for energies in bfloat16

  /// Whether an option was given, by its name.
  std::function<bool(const std::string& option)> is_given = [](const auto&) { return false; };
  /// Samples of the target for a reverse run, [n, dim]; null: no reverse run.
  /// @param box  that they have to be in, if any
  std::function<std::vector<float>(const std::optional<samplers::Box>& box)> reverse_rows = nullptr;
  CoarseEnergies coarse = {};
  OnProgress on_progress = nullptr;
};

/// Annealed importance sampling of a model, by β or through its levels of noise.
/// @param model  gets float32 where bfloat16 is too coarse
/// @return       without the names of target and file
/// @throws Error(kUsage) naming the option, its value and what would be right, before any work;
///         what run_log_z() and use_precise_energies() throw
LogZReport log_z_of_model(models::EnergyModel& model, const LogZRequest& request);

}  // namespace ebm::evaluation
