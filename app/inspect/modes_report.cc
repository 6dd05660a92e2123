#include "app/inspect/modes_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/atomic_file.h"
#include "report/image_grid.h"
#include "report/item_picture.h"
#include "report/page/mode_map.h"
#include "report/png.h"

namespace ebm::app {
namespace {

/// The exemplars of the largest modes side by side, a PNG.
std::string strip_of(const landscape::EnergyMap& map, const data::ItemShape& shape) {
  std::vector<float> rows;
  const std::size_t n = std::min(map.modes.size(), report::ModeMap::kMaxShown);
  for (std::size_t m = 0; m < n; ++m) {
    rows.insert(rows.end(), map.modes[m].exemplar.begin(), map.modes[m].exemplar.end());
  }
  return report::png_bytes(report::image_grid(
      rows, shape, {.columns = static_cast<std::int64_t>(n), .gap = 0, .scale = 1}));
}

}  // namespace

std::filesystem::path strip_path(const std::string& out) {
  return std::filesystem::path(out).replace_extension(".png");
}

void write_pictures(const ModesOfEnergy& command, const Target& target,
                    const landscape::EnergyMap& map, nlohmann::json& document) {
  if (!command.picture.empty()) {
    std::vector<float> exemplars;
    for (const landscape::Mode& mode : map.modes) {
      exemplars.insert(exemplars.end(), mode.exemplar.begin(), mode.exemplar.end());
    }
    report::write_picture(command.picture, exemplars, target.shape, target.is_image);
    document["picture"] = command.picture;
  }
  if (command.out.empty() || !target.is_image || !report::is_drawable(target.shape, true)) return;
  const std::filesystem::path strip = strip_path(command.out);
  base::write_file_atomically(strip, strip_of(map, target.shape));
  document["exemplars"] = {{"file", strip.filename().string()},
                           {"width", target.shape.width},
                           {"height", target.shape.height}};
}

}  // namespace ebm::app
