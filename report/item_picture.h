#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "data/dataset.h"

namespace ebm::report {

/// The PNG file of a picture: a grid of images, or the density of points in a plane.
/// @param rows  [n, shape.size()], drawable
std::string picture_of(std::span<const float> rows, const data::ItemShape& shape, bool is_image);

/// Writes picture_of() the items.
/// @throws Error(kUsage) if the items are not drawable, Error(kIo).
void write_picture(const std::filesystem::path& path, std::span<const float> rows,
                   const data::ItemShape& shape, bool is_image);

/// Whether items can be drawn: images of one or three channels, or points of the plane.
bool is_drawable(const data::ItemShape& shape, bool is_image);
/// @throws Error(kUsage) naming the path unless the items are drawable.
void require_drawable(const std::filesystem::path& path, const data::ItemShape& shape,
                      bool is_image);

}  // namespace ebm::report
