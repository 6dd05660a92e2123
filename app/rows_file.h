#pragma once

#include <filesystem>
#include <vector>

#include "app/output_file.h"
#include "data/dataset.h"

namespace ebm::app {

/// Writes items: a picture as .png, float32 [n, c, h, w] (images) or [n, size] as .npy.
/// @param rows  [n, shape.size()]
/// @throws Error(kIo)
void write_rows(const std::filesystem::path& path, OutputKind kind, const std::vector<float>& rows,
                const data::ItemShape& shape, bool is_image);

}  // namespace ebm::app
