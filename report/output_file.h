#pragma once

#include <filesystem>
#include <initializer_list>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace ebm::report {

/// The format of an output file, by the ending of its name; checked before the work.
enum class OutputKind { kPng, kNpy, kCsv, kJson, kHtml, kSafetensors };
/// @param option  the option that names it, for messages
/// @throws Error(kUsage) if the ending is not allowed, Error(kIo) if the file cannot be written.
OutputKind require_output(const std::filesystem::path& path,
                          std::initializer_list<OutputKind> allowed,
                          const std::string& option = "out");

/// Writes items: a picture as .png, float32 [n, c, h, w] (images) or [n, size] as .npy.
/// @param rows    [n, shape.size()]
/// @param groups  names of as many groups of items, one after the other; in a picture of images,
///                two and more stand below one another with their names (labelled_grid())
/// @throws Error(kIo)
void write_rows(const std::filesystem::path& path, OutputKind kind, const std::vector<float>& rows,
                const data::ItemShape& shape, bool is_image,
                const std::vector<std::string>& groups = {});

}  // namespace ebm::report
