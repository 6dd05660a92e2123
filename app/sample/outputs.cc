#include "app/sample/outputs.h"

#include <filesystem>
#include <system_error>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/free_file.h"
#include "base/output_target.h"
#include "evaluation/draw_trace.h"
#include "report/item_picture.h"
#include "report/output_file.h"

namespace ebm::app {
namespace {
namespace fs = std::filesystem;

/// Of the file that nobody named.
constexpr const char* kName = "samples";
constexpr const char* kEnding = ".png";

/// Two results in one file would leave only the later one.
void require_different_files(const SampleCommand& command) {
  const auto require = [](const char* option, const std::string& file, const char* other_option,
                          const std::string& other) {
    if (file.empty() || other.empty() || !base::is_same_output(file, other)) return;
    throw Error(ErrorCode::kUsage, std::string(option) + " = " + file +
                                       ": must be another file than that of --" + other_option);
  };
  require("trace", command.trace, "out", command.out);
  require("energy-trace", command.energy_trace, "out", command.out);
  require("energy-trace", command.energy_trace, "trace", command.trace);
  require("adapt-out", command.adapt_out, "out", command.out);
  require("adapt-out", command.adapt_out, "trace", command.trace);
}

}  // namespace

SampleOutput plan_output(const SampleCommand& command, const Target& target) {
  SampleOutput output;
  output.takes_new_name = command.out.empty() && command.trace.empty() &&
                          command.energy_trace.empty() && command.adapt_out.empty() &&
                          !command.diagnose;
  if (output.takes_new_name) {
    if (!report::is_drawable(target.shape, target.is_image)) {
      throw Error(ErrorCode::kUsage, "give --out FILE, --trace FILE or --diagnose");
    }
    base::require_free_file(kName, kEnding);
    output.kind = report::OutputKind::kPng;
  } else if (!command.out.empty()) {
    output.kind =
        report::require_output(command.out, {report::OutputKind::kPng, report::OutputKind::kNpy});
    if (output.kind == report::OutputKind::kPng) {
      report::require_drawable(command.out, target.shape, target.is_image);
    }
  }
  if (!command.trace.empty()) {
    evaluation::draw_trace_kind(command.trace, "trace");
    base::require_writable(command.trace);
  }
  if (!command.energy_trace.empty())
    report::require_output(command.energy_trace, {report::OutputKind::kNpy}, "energy-trace");
  if (!command.adapt_out.empty()) base::require_writable(command.adapt_out);
  require_different_files(command);
  return output;
}

std::string write_samples(const SampleCommand& command, const SampleOutput& output,
                          const Target& target, const evaluation::Walk& walk,
                          const std::vector<std::string>& classes) {
  if (!output.kind) return "";
  std::string file = output.takes_new_name ? base::make_free_file(kName, kEnding) : command.out;
  try {
    report::write_rows(file, *output.kind, walk.rows, target.shape, target.is_image, classes);
  } catch (...) {
    std::error_code ignored;                               // the first error is the one to report
    if (output.takes_new_name) fs::remove(file, ignored);  // still empty
    throw;
  }
  return file;
}

}  // namespace ebm::app
