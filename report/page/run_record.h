#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "report/page/classifier.h"
#include "report/page/evaluation.h"
#include "report/page/metrics_table.h"
#include "report/page/mode_map.h"
#include "report/page/restoration.h"
#include "report/tensorboard/event_histograms.h"

namespace ebm::report {

/// The files of a run folder, for display.
struct RunRecord {
  /// The pictures of one iteration.
  struct Samples {
    std::int64_t iteration;
    std::map<std::string, std::string> png_of{};  ///< by what they started from: "noise", "buffer"
  };

  std::string name{};    ///< of the folder
  std::string config{};  ///< config.toml
  MetricsTable metrics{};
  std::vector<Samples> samples{};  ///< by iteration
  std::int64_t n_pictures = 0;     ///< in the folder; `samples` may have fewer
  std::map<std::string, HistogramsByStep> histograms{};
  Evaluation evaluation{};        ///< of eval.json and eval-film.png, as far as they are there
  ModeMap modes{};                ///< of modes.json and modes.png, likewise
  ClassifierResult classifier{};  ///< of classify.json
  /// Of the labels that figures by class have, as far as somebody says what they are.
  std::vector<std::string> class_names{};
  std::vector<Restoration> restorations{};  ///< of restore.json, restore-NAME.json and pictures
};

/// How much of a run is taken along.
struct RunLimits {
  std::int64_t pictures = 60;
  std::int64_t picture_bytes = 3000000;  ///< of all of them together, as PNG files
  /// Of eval-film.png, modes.png or a restoration, which count among them: a larger film is left
  /// out.
  std::int64_t film_bytes = 1000000;
  std::size_t restorations = 8;
};

/// Reads config.toml and metrics.csv, and samples/*.png, the event files, eval.json,
/// eval-film.png, modes.json, modes.png, classify.json and restorations as far as they are there.
/// Of more pictures than the limits allow, iterations evenly chosen are taken, the last one in any
/// case.
/// @throws Error(kNoInput) if the folder is none of a run, Error(kBadData) naming a damaged file or
///         exemplars above their limit,
///         Error(kIo).
RunRecord read_run(const std::filesystem::path& folder, const RunLimits& limits = {});

}  // namespace ebm::report
