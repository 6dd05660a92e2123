#include "app/rows_file.h"

#include <cstdint>

#include "data/formats/npy.h"
#include "report/item_picture.h"

namespace ebm::app {

void write_rows(const std::filesystem::path& path, OutputKind kind, const std::vector<float>& rows,
                const data::ItemShape& shape, bool is_image) {
  if (kind == OutputKind::kPng) {
    report::write_picture(path, rows, shape, is_image);
    return;
  }
  const std::int64_t n = static_cast<std::int64_t>(rows.size()) / shape.size();
  const std::vector<std::int64_t> image{n, shape.channels, shape.height, shape.width};
  data::write_npy(path, rows, is_image ? image : std::vector<std::int64_t>{n, shape.size()});
}

}  // namespace ebm::app
