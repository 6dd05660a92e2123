#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "report/page/figure_table.h"

namespace ebm::report {

/// What `ebm classify --out RUN/classify.json` writes into a run folder, for display.
struct ClassifierResult {
  /// Items of like confidence.
  struct Bin {
    double n = 0.0, confidence = 0.0, accuracy = 0.0;
  };

  static constexpr std::size_t kMaxShown = 40;

  std::vector<std::string> classes{};
  std::vector<double> confusion{};  ///< [classes, classes], true and predicted; empty for too many
  std::vector<Bin> calibration{};   ///< of equal width, from 0 to 1
  std::vector<FigureTable> tables{};  ///< of all else

  bool is_empty() const { return classes.empty(); }
};

/// Takes the document of `ebm classify` apart:
///   {"classes": [k names], "confusion": [[k counts] for each class],
///    "calibration": [{"n", "confidence", "accuracy"}], further figures}
/// @param path  for messages
/// @throws Error(kBadData) naming the path and the entry that is not as it should be.
ClassifierResult parse_classifier(std::string_view json, const std::filesystem::path& path);

}  // namespace ebm::report
