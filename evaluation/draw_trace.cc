#include "evaluation/draw_trace.h"

#include <vector>

#include "base/error.h"
#include "data/formats/npy_writer.h"
#include "evaluation/csv_trace.h"
#include "evaluation/netcdf_trace.h"

namespace ebm::evaluation {
namespace {

class NpyTrace : public DrawTrace {
 public:
  NpyTrace(const std::filesystem::path& path, const DrawTraceOptions& options)
      : writer_(path, std::vector<std::int64_t>{options.n_draws, options.n_chains, options.dim}) {}
  bool takes_statistics() const override { return false; }
  void append(const DrawBatch& batch) override { writer_.append(batch.x); }
  void finish() override { writer_.finish(); }

 private:
  data::NpyWriter writer_;
};

}  // namespace

DrawTraceKind draw_trace_kind(const std::filesystem::path& path, const std::string& option) {
  const std::string ending = path.extension().string();
  if (ending == ".npy") return DrawTraceKind::kNpy;
  if (ending == ".csv") return DrawTraceKind::kCsv;
  if (ending == ".nc") return DrawTraceKind::kNetcdf;
  throw Error(ErrorCode::kUsage,
              option + " = " + path.string() + ": must end in .npy, .csv or .nc");
}

std::unique_ptr<DrawTrace> open_draw_trace(const std::filesystem::path& path,
                                           const DrawTraceOptions& options) {
  switch (draw_trace_kind(path, "trace")) {
    case DrawTraceKind::kNpy:
      return std::make_unique<NpyTrace>(path, options);
    case DrawTraceKind::kCsv:
      return std::make_unique<CsvTrace>(path, options);
    case DrawTraceKind::kNetcdf:
      break;
  }
  return std::make_unique<NetcdfTrace>(path, options);
}

}  // namespace ebm::evaluation
