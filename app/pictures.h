#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "data/dataset.h"

namespace ebm::app {

/// Items as a picture, a PNG file: a grid of images, or the density of points of a plane.
/// @param rows  [n, shape.size()], drawable
std::string picture_of(std::span<const float> rows, const data::ItemShape& shape, bool is_image);

/// Writes picture_of() the items.
/// @throws Error(kUsage) if the items are not drawable, Error(kIo).
void write_picture(const std::filesystem::path& path, std::span<const float> rows,
                   const data::ItemShape& shape, bool is_image);

/// Images of one or three channels, and points of the plane.
bool is_drawable(const data::ItemShape& shape, bool is_image);
/// @throws Error(kUsage) naming the path unless the items are drawable.
void require_drawable(const std::filesystem::path& path, const data::ItemShape& shape,
                      bool is_image);

/// Where results go: checked before the work, by what its name ends in.
enum class OutputKind { kPng, kNpy, kCsv };
/// @param option  that named it, for messages
/// @throws Error(kUsage) if the ending is not one of those allowed, Error(kIo) if it cannot be
///         written.
OutputKind require_output(const std::filesystem::path& path, std::span<const OutputKind> allowed,
                          const std::string& option = "out");

}  // namespace ebm::app
