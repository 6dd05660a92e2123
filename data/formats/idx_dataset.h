#pragma once

#include <filesystem>
#include <optional>

#include "data/dataset.h"
#include "data/layout.h"
#include "data/split.h"

namespace ebm::data {

/// Images in IDX files: ubyte [n, h, w], [n, c, h, w] or [n, h, w, c] (channel_order.h), with
/// labels ubyte [n] beside them.
///
/// A file holds the images. Labels are read from the file beside it whose name has `labels` for
/// `images` and `idx1` for `idx3` or `idx4`, with or without .gz; without one the set has none.
///
/// In a folder, `split` (train unless given) picks `train-images-idx3-ubyte` or
/// `t10k-images-idx3-ubyte`; also with a dot before `idx3`, with idx4, with .gz (a plain file is
/// taken before a packed one), with `test` for `t10k`, and, if there is exactly one, with a prefix
/// as EMNIST has (`emnist-letters-train-images-idx3-ubyte`). A folder of that name stands for the
/// file of the same name in it. If there is none, one folder below may hold it, as in torchvision's
/// layout (MNIST/raw).
/// @throws Error(kNoInput) if there is no such file, naming the folders below that have it if there
///         are several; Error(kBadData) if a file is not as its format
///         says, the label count differs, or several files fit; Error(kUsage) for a `split` of a
///         file, or a layout of images without channels.
Dataset load_idx(const std::filesystem::path& file_or_folder, std::optional<Split> split,
                 std::optional<Layout> layout = std::nullopt);

/// Fashion-MNIST, 60000 (split train) or 10000 (test) images [1, 28, 28] in ten classes, from
/// the folder $EBM_DATA/fashion-mnist or $EBM_DATA or one below it with `fashion` in its name (as
/// FashionMNIST/raw in torchvision's layout) if that variable is set, else from
/// /usr/share/datasets/fashion-mnist, where Debian's package dataset-fashion-mnist puts it.
/// @throws Error(kNoInput) saying how to get it, and what load_idx throws.
/// Source: Xiao, Rasul, Vollgraf 2017.
Dataset load_fashion_mnist(std::optional<Split> split);

}  // namespace ebm::data
