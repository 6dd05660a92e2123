#pragma once

#include <filesystem>
#include <string>

#include "data/dataset.h"
#include "evaluation/live_quality.h"
#include "evaluation/open_features.h"

namespace ebm::training {

/// What samples are evaluated with: the shipped features for images of that shape, or a file.
/// @param features     FILE.pt, another file of ebm features train, or empty
/// @param asked_by     the argument that asked for it, for messages: "eval_budget = 0.1"
/// @param open_script  for FILE.pt; null in a program without LibTorch
/// @param package      as of models::share_folders()
/// @throws Error(kUsage) for points, which have no features; what evaluation::open_features() and
///         LiveQuality throw
evaluation::LiveQuality open_quality(const std::string& features, const std::string& asked_by,
                                     const evaluation::LiveQualityOptions& options,
                                     const data::Dataset& dataset,
                                     evaluation::OpenScript open_script,
                                     const std::filesystem::path& package = models::kShareDir);

}  // namespace ebm::training
