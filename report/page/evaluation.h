#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/page/figure_table.h"

namespace ebm::report {

/// What `ebm eval --out RUN/eval.json` writes into a run folder, for display.
struct Evaluation {
  /// A figure at the steps of a long run.
  struct Series {
    std::string name;
    std::vector<double> values;  ///< one per step; NaN where there is none
  };
  /// How many energies of a set of images lie between edges.
  struct Energies {
    std::string name;
    std::vector<double> edges;   ///< rising: one more than counts
    std::vector<double> counts;  ///< some above 0
  };

  std::vector<FigureTable> tables{};     ///< of all that is not below
  std::vector<double> long_run_steps{};  ///< rising; empty if there was no long run
  std::vector<Series> long_run{};        ///< those of fd, energy, saturation that have a value
  std::vector<Energies> energies{};
  std::string distance = "FD";       ///< what the Fréchet distance is called: features.name
  bool names_film = false;           ///< whether the document mentions one
  std::string film_left_out{};       ///< why a film is not shown
  std::string film_png{};            ///< chains in rows, steps in columns; empty if there is none
  std::vector<double> film_steps{};  ///< of the columns; empty if they are not known

  /// Whether there is nothing to show.
  bool is_empty() const {
    return tables.empty() && long_run.empty() && energies.empty() && film_png.empty();
  }
};

/// Takes an evaluation apart:
///   {"long_run": {"steps": [...], "fd": [...], "energy": [...], "saturation": [...]},
///    "energies": {NAME: {"edges": [k + 1], "counts": [k]}},
///    "film": {"steps": [...]}, "features": {"name": NAME}, further figures}
/// The objects "samples" and "anchors" make one table. Each part may be missing, and a value of a
/// long run may be null. `film_png` is left empty.
/// @param json  the document
/// @param path  for messages
/// @throws Error(kBadData) naming the path and the entry that is not as it should be.
Evaluation parse_evaluation(std::string_view json, const std::filesystem::path& path);

/// A figure of the anchors: of images whose quality is known, as {name, value}. Empty if the
/// evaluation has none.
std::vector<std::pair<std::string, std::string>> anchors_of(const Evaluation& evaluation,
                                                            std::string_view figure);

}  // namespace ebm::report
