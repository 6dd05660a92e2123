#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "data/dataset.h"
#include "evaluation/feature_extractor.h"
#include "evaluation/live_quality.h"
#include "nets/architecture/architecture.h"

namespace ebm::training {

/// Opens a TorchScript file of features for images of that shape.
using OpenFeatures = std::shared_ptr<const evaluation::FeatureExtractor> (*)(
    const std::filesystem::path& file, const nets::Shape& input);

/// What samples are evaluated with: the shipped features for images of that shape, or a file.
/// @param features     FILE.pt, another file of ebm features train, or empty
/// @param asked_by     the argument that asked for it, for messages: "eval_budget = 0.1"
/// @param open_script  for FILE.pt; null in a program without LibTorch
/// @throws Error(kUsage) for points, which have no features, and for FILE.pt without open_script;
///         what shipped_features(), read_features() and LiveQuality throw
evaluation::LiveQuality open_quality(const std::string& features, const std::string& asked_by,
                                     const evaluation::LiveQualityOptions& options,
                                     const data::Dataset& dataset, OpenFeatures open_script);

}  // namespace ebm::training
