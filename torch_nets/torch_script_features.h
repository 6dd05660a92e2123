#pragma once

#include <filesystem>
#include <memory>

#include "evaluation/feature_extractor.h"
#include "nets/architecture/architecture.h"

namespace ebm::torch_nets {

/// Features by a TorchScript module of the user's, such as Inception for the real FID. The kind of
/// `forward` is decided by its arguments:
///
///   forward(x)                             x [n, c, h, w] as the images are, in [−1, 1]
///   forward(x, return_features = True ...)  x [n, 3, h, w] in [0, 255], grey levels in all three
///                                          channels: the convention of inception-2015-12-05.pt of
///                                          StyleGAN's metrics, which resizes by itself
///
/// and returns [n, d]. A module with an integer attribute `image_size` gets its images resized to
/// that square, bilinearly (with align_corners = False), first.
/// @param input  shape of the images
/// @throws Error(kNoInput) if there is no such file, Error(kBadData) if it is no TorchScript or has
///         no forward; the features throw Error(kBadData) with the module's own complaint.
std::shared_ptr<const evaluation::FeatureExtractor> torch_script_features(
    const std::filesystem::path& path, const nets::Shape& input);

}  // namespace ebm::torch_nets
