#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "evaluation/feature_extractor.h"
#include "models/share_file.h"
#include "nets/architecture/architecture.h"

namespace ebm::evaluation {

/// Opens a TorchScript file of features for images of that shape.
using OpenScript = std::shared_ptr<const FeatureExtractor> (*)(const std::filesystem::path& file,
                                                               const nets::Shape& input);

/// Whether that file of features is a TorchScript module, which needs LibTorch.
bool is_torch_script(const std::filesystem::path& features);

/// The features of a file for images of a shape: CompiledFeatures of `ebm features train`, or what
/// open_script makes of FILE.pt.
/// @param features     FILE.safetensors, FILE.pt, or empty: those that come with the program
/// @param open_script  null in a program without LibTorch
/// @param package      as of models::share_folders()
/// @throws Error(kUsage) for FILE.pt without open_script; what models::shipped_features(),
///         read_features(), CompiledFeatures and open_script throw
std::shared_ptr<const FeatureExtractor> open_features(
    const std::string& features, const nets::Shape& shape, OpenScript open_script,
    const std::filesystem::path& package = models::kShareDir);

}  // namespace ebm::evaluation
