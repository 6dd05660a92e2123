#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "samplers/kernel.h"
#include "samplers/parameters.h"

namespace ebm::evaluation {

/// Draws of all chains, one after another.
struct DrawBatch {
  std::int64_t n_draws = 0;
  std::span<const float> x = {};            ///< states [n_draws, n_chains, dim]
  std::span<const float> energy = {};       ///< E of them [n_draws, n_chains]
  std::span<const float> hamiltonian = {};  ///< [n_draws, n_chains], of kernels with a momentum
  /// Of the steps since the last draw, [n_chains]; empty if the kernel counts nothing.
  std::span<const samplers::ChainInfo> counts = {};
};

/// What the draws of a trace are.
struct DrawTraceOptions {
  std::int64_t n_draws = 0, n_chains = 0, dim = 0;
  samplers::Parameters parameters = {};  ///< of the states
  double temperature = 1.0;              ///< T of the target exp(−E/T)
  std::string sampler = {};              ///< its name
  bool has_momentum = false;             ///< batches have Hamiltonians
};

/// A file of draws that appears whole when all are there; destroyed before, it leaves nothing.
class DrawTrace {
 public:
  virtual ~DrawTrace() = default;
  /// Whether batches are of one draw each and have energies, Hamiltonians and counts.
  virtual bool takes_statistics() const = 0;
  /// @throws Error(kIo) naming the file
  virtual void append(const DrawBatch& batch) = 0;
  /// @throws Error(kIo) naming the file
  virtual void finish() = 0;
};

/// The kind of file that a name stands for by its ending.
enum class DrawTraceKind {
  kNpy,     ///< float32 states [n_draws, n_chains, dim]
  kCsv,     ///< a row for each draw of a chain (evaluation/csv_trace.h)
  kNetcdf,  ///< ArviZ's InferenceData (evaluation/netcdf_trace.h)
};

/// @param option  that holds the name, for the message
/// @throws Error(kUsage) for another ending
DrawTraceKind draw_trace_kind(const std::filesystem::path& path, const std::string& option);

/// Opens a trace of the kind that its name says.
/// @throws Error(kUsage) for another ending; Error(kIo) if the file cannot be written, or the disk
///         has no space for it
std::unique_ptr<DrawTrace> open_draw_trace(const std::filesystem::path& path,
                                           const DrawTraceOptions& options);

}  // namespace ebm::evaluation
