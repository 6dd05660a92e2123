#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "evaluation/draw_trace.h"

namespace ebm::evaluation {

/// Draws as a NetCDF-4 file in the layout of ArviZ's InferenceData, with the groups
///   posterior     each variable [chain, draw, ...], the axes of an array theta being theta_dim_0,
///                 theta_dim_1, ...
///   sample_stats  [chain, draw]: lp = −E/T; of kernels with an accept step acceptance_rate,
///                 diverging and n_steps (evaluations of the energy); of kernels with a momentum
///                 energy, the Hamiltonian over T
/// The draws are kept in memory until finish().
/// Source: ArviZ, "InferenceData schema specification".
class NetcdfTrace : public DrawTrace {
 public:
  /// @throws Error(kIo) if the file cannot be written; Error(kUsage) if libnetcdf is not
  ///         installed
  NetcdfTrace(std::filesystem::path path, const DrawTraceOptions& options);
  bool takes_statistics() const override { return true; }
  void append(const DrawBatch& batch) override;
  void finish() override;

 private:
  /// Place of the current draw of a chain in a vector [n_chains, n_draws].
  std::size_t place_of(std::int64_t chain) const {
    return static_cast<std::size_t>(chain * options_.n_draws + draw_);
  }

  std::filesystem::path path_;
  DrawTraceOptions options_;
  std::int64_t draw_ = 0;                   ///< the next one
  std::vector<std::vector<float>> values_;  ///< of each variable [n_chains, n_draws, size]
  // [n_chains, n_draws]; empty without such a figure.
  std::vector<float> lp_, hamiltonian_, acceptance_;
  std::vector<std::int64_t> n_gradients_;
  std::vector<signed char> diverging_;
};

}  // namespace ebm::evaluation
