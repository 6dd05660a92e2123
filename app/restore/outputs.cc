#include "app/restore/outputs.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/json_text.h"
#include "base/atomic_file.h"
#include "data/formats/input_file.h"
#include "data/formats/npy.h"
#include "evaluation/restoration/restoration_picture.h"
#include "report/labelled_grid.h"
#include "report/page/restoration.h"
#include "report/page/run_picture.h"

namespace ebm::app {

std::vector<std::string> write_restoration(const RestoreCommand& command,
                                           const evaluation::ObservationOperator& observed,
                                           const evaluation::SeenImages& seen,
                                           const evaluation::Restoration& restored,
                                           const std::vector<evaluation::Reconstruction>& others,
                                           const data::ItemShape& shape) {
  const std::vector<std::int64_t> each{restored.n_images, shape.channels, shape.height,
                                       shape.width};
  if (!command.mean_out.empty()) data::write_npy(command.mean_out, restored.mean, each);
  if (!command.spread_out.empty()) data::write_npy(command.spread_out, restored.spread, each);
  if (is_picture(command)) {
    const evaluation::RestorationPicture picture =
        evaluation::restoration_picture(observed, seen.y, restored, others, seen.truth, shape);
    report::write_png(command.out, report::headed_grid(picture.tiles, shape, picture.columns));
    return picture.columns;
  }
  const std::vector<std::int64_t> all{restored.n_images, restored.n, shape.channels, shape.height,
                                      shape.width};
  data::write_npy(command.out, restored.samples, all);
  return {};
}

void add_to_run(const RestoreCommand& command, const nlohmann::json& document) {
  const std::filesystem::path picture = command.out;
  if (!is_picture(command) || !report::is_restoration(picture)) return;
  const bool is_run =
      report::add_run_picture(picture.parent_path(), "restoration", data::read_input_file(picture));
  if (!is_run) return;
  base::write_file_atomically(std::filesystem::path(picture).replace_extension(".json"),
                              json_text(document) + "\n");
}

}  // namespace ebm::app
