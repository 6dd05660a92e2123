#pragma once

#include <cstdint>
#include <filesystem>

#include "base/atomic_file.h"
#include "evaluation/draw_trace.h"

namespace ebm::evaluation {

/// Draws as a table: the columns chain, draw (both from 0), energy (E of the state), of kernels
/// with an accept step acceptance_rate and diverging (0 or 1), then one for each parameter. Rows
/// are ordered by draw, then by chain. Numbers are the shortest that read back as the same float32.
class CsvTrace : public DrawTrace {
 public:
  CsvTrace(const std::filesystem::path& path, const DrawTraceOptions& options);
  bool takes_statistics() const override { return true; }
  void append(const DrawBatch& batch) override;
  void finish() override { file_.commit(); }

 private:
  void write_header(bool has_counts);

  DrawTraceOptions options_;
  base::AtomicFile file_;
  std::int64_t draw_ = 0;  ///< the next one
};

}  // namespace ebm::evaluation
