#include "app/sample/outputs.h"

#include <fcntl.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <vector>

#include "app/rows_file.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/output_target.h"
#include "base/posix_file.h"
#include "evaluation/draw_trace.h"
#include "report/item_picture.h"
#include "report/labelled_grid.h"
#include "report/png.h"

namespace ebm::app {
namespace {
namespace fs = std::filesystem;

/// Two results in one file would leave only the later one.
void require_different_files(const SampleCommand& command) {
  const auto require = [](const char* option, const std::string& file, const char* other_option,
                          const std::string& other) {
    if (file.empty() || other.empty()) return;
    const auto real = [](const std::string& path) {
      // What a link leads to need not exist.
      const fs::path target = base::output_target(path).path;
      std::error_code no_such_path;
      const fs::path canonical = fs::weakly_canonical(fs::absolute(target), no_such_path);
      return no_such_path ? target : canonical;
    };
    if (real(file) != real(other)) return;
    throw Error(ErrorCode::kUsage, std::string(option) + " = " + file +
                                       ": must be another file than that of --" + other_option);
  };
  require("trace", command.trace, "out", command.out);
  require("energy-trace", command.energy_trace, "out", command.out);
  require("energy-trace", command.energy_trace, "trace", command.trace);
  require("adapt-out", command.adapt_out, "out", command.out);
  require("adapt-out", command.adapt_out, "trace", command.trace);
}

/// samples.png, samples-2.png, ...
std::string samples_name(int i) {
  return i == 1 ? "samples.png" : "samples-" + std::to_string(i) + ".png";
}

/// Makes an empty file under the first free name of samples.png, samples-2.png, ..., so that
/// nothing is overwritten that nobody named, even if another program writes here too.
std::string new_samples_file() {
  for (int i = 1;; ++i) {
    std::string name = samples_name(i);
    if (base::open_file(name, O_WRONLY | O_CREAT | O_EXCL, 0666).is_open()) return name;
    if (errno != EEXIST) base::throw_io_error("write", name, errno);
  }
}

/// Whether new_samples_file() will be able to make one.
void require_new_file() {
  int i = 1;
  while (fs::exists(samples_name(i))) ++i;
  base::require_writable(samples_name(i));
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
    require_new_file();
    output.kind = OutputKind::kPng;
  } else if (!command.out.empty()) {
    output.kind = require_output(command.out, std::vector{OutputKind::kPng, OutputKind::kNpy});
    if (output.kind == OutputKind::kPng) {
      report::require_drawable(command.out, target.shape, target.is_image);
    }
  }
  const std::vector npy{OutputKind::kNpy};
  if (!command.trace.empty()) {
    evaluation::draw_trace_kind(command.trace, "trace");
    base::require_writable(command.trace);
  }
  if (!command.energy_trace.empty()) require_output(command.energy_trace, npy, "energy-trace");
  if (!command.adapt_out.empty()) base::require_writable(command.adapt_out);
  require_different_files(command);
  return output;
}

std::string write_samples(const SampleCommand& command, const SampleOutput& output,
                          const Target& target, const evaluation::Walk& walk,
                          const std::vector<std::string>& classes) {
  if (!output.kind) return "";
  std::string file = output.takes_new_name ? new_samples_file() : command.out;
  try {
    if (output.kind == OutputKind::kPng && target.is_image && classes.size() > 1) {
      base::write_file_atomically(
          file, report::png_bytes(report::labelled_grid(walk.rows, target.shape, classes)));
    } else {
      write_rows(file, *output.kind, walk.rows, target.shape, target.is_image);
    }
  } catch (...) {
    std::error_code ignored;                               // the first error is the one to report
    if (output.takes_new_name) fs::remove(file, ignored);  // still empty
    throw;
  }
  return file;
}

}  // namespace ebm::app
