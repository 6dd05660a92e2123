#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ebm::report {

/// What `ebm modes RUN --out RUN/modes.json` writes into a run folder, for display: the largest
/// modes of an energy.
struct ModeMap {
  struct Mode {
    double mass = 0.0;    ///< share of the time
    double energy = 0.0;  ///< of its exemplar
    std::optional<double> escape_time{};
    std::optional<std::int64_t> label{};
  };
  /// How often a frame in one mode is followed by one in the other, both ways together.
  struct Flow {
    std::size_t from, to;
    double flow;
  };
  /// Two groups that are one above an energy: below n_tree() a mode, else that the group of a
  /// merge.
  struct Merge {
    std::size_t left, right;
    double energy;
  };

  static constexpr std::size_t kMaxShown = 16;

  double temperature = 0.0;
  std::size_t n_modes = 0;  ///< in all
  std::vector<Mode> modes{};
  std::vector<Flow> flows{};    ///< between those
  std::vector<Merge> tree{};    ///< of the first modes; empty if no paths were sought
  std::string exemplars_png{};  ///< their pictures side by side; empty if there are none
  std::int64_t tile_width = 0, tile_height = 0;

  bool is_empty() const { return modes.empty(); }
  std::size_t n_tree() const { return tree.empty() ? 0 : tree.size() + 1; }
};

/// Takes the document of `ebm modes` apart:
///   {"temperature": T, "modules": [{"mass", "energy", "escape_time": null or a number, "label"}],
///    "flows": [[from, to, flow]], "tree": [{"left", "right", "energy"}],
///    "exemplars": {"width", "height"}}
/// `exemplars_png` is left empty.
/// @param path  for messages
/// @throws Error(kBadData) naming the path and the entry that is not as it should be.
ModeMap parse_mode_map(std::string_view json, const std::filesystem::path& path);

}  // namespace ebm::report
