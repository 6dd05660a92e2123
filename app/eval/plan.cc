#include "app/eval/plan.h"

#include "app/print.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "cli/given_options.h"
#include "report/item_picture.h"
#include "report/output_file.h"

namespace ebm::app {
namespace fs = std::filesystem;

void validate(const EvalCommand& command, const std::vector<std::string>& given) {
  if (command.model.empty() == command.samples.empty()) {
    throw Error(ErrorCode::kUsage, "give either a MODEL or --samples SPEC");
  }
  if (!command.samples.empty()) {
    cli::refuse_options(
        given,
        {"ood", "steps", "long-run", "long", "temperatures", "densities", "backend", "precision"},
        "requires MODEL; not valid with --samples");
    if (command.request.data.empty()) {
      throw Error(ErrorCode::kUsage, "data is missing: give --data SPEC, which the samples of " +
                                         command.samples + " are compared with");
    }
  }
  command.request.validate();
  if (command.out.empty()) return;
  report::require_output(command.out, {report::OutputKind::kJson});
}

bool takes_film(const EvalCommand& command, const Target& target) {
  if (command.out.empty()) return false;
  if (!report::is_drawable(target.shape, target.is_image)) {
    print_warning("images of " + std::to_string(target.shape.channels) +
                  " channels cannot be drawn; there is no film");
    return false;
  }
  base::require_writable(film_path(command.out));
  return true;
}

fs::path film_path(const fs::path& out) {
  return fs::path(out).replace_filename(out.stem().string() + "-film.png");
}

}  // namespace ebm::app
