#include "report/item_picture.h"

#include <algorithm>
#include <string>

#include "base/atomic_file.h"
#include "base/error.h"
#include "report/density_plot.h"
#include "report/image_grid.h"
#include "report/png.h"

namespace ebm::report {

bool is_drawable(const data::ItemShape& shape, bool is_image) {
  return is_image ? shape.channels == 1 || shape.channels == 3 : shape.size() == 2;
}

void require_drawable(const std::filesystem::path& path, const data::ItemShape& shape,
                      bool is_image) {
  if (is_drawable(shape, is_image)) return;
  throw Error(ErrorCode::kUsage,
              "out = " + path.string() + ": items of " + std::to_string(shape.channels) + " x " +
                  std::to_string(shape.height) + " x " + std::to_string(shape.width) +
                  " cannot be drawn; must end in .npy");
}

std::string picture_of(std::span<const float> rows, const data::ItemShape& shape, bool is_image) {
  return png_bytes(is_image ? image_grid(rows, shape) : density_plot(rows));
}

void write_picture(const std::filesystem::path& path, std::span<const float> rows,
                   const data::ItemShape& shape, bool is_image) {
  require_drawable(path, shape, is_image);
  base::write_file_atomically(path, picture_of(rows, shape, is_image));
}

}  // namespace ebm::report
