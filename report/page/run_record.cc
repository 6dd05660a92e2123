#include "report/page/run_record.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/path_kind.h"
#include "data/formats/png_decoder.h"
#include "report/page/curve.h"

namespace ebm::report {
namespace fs = std::filesystem;
namespace {

using Paths = std::map<std::string, fs::path>;

/// @throws Error(kIo) unless it is a file
std::int64_t bytes_of(const fs::path& path) {
  std::error_code error;
  const auto n_bytes = fs::file_size(path, error);
  if (error) {
    throw Error(ErrorCode::kIo, "cannot read " + path.string() + ": " + error.message());
  }
  return static_cast<std::int64_t>(n_bytes);
}

/// KIND_ITERATION.png as {iteration, kind}; a negative iteration for another name.
std::pair<std::int64_t, std::string> parts_of(const fs::path& path) {
  const std::string stem = path.stem().string();
  const auto bar = stem.find_last_of('_');
  std::int64_t iteration = -1;
  if (path.extension() != ".png" || stem.starts_with('.') || bar == std::string::npos) {
    return {iteration, stem};
  }
  const char *begin = stem.data() + bar + 1, *end = stem.data() + stem.size();
  const auto [stop, error] = std::from_chars(begin, end, iteration);
  return {error == std::errc() && stop == end ? iteration : -1, stem.substr(0, bar)};
}

std::map<std::int64_t, Paths> list_pictures(const fs::path& folder) {
  std::map<std::int64_t, Paths> found;
  std::error_code error;
  if (!fs::exists(folder, error)) return found;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const auto [iteration, kind] = parts_of(entry->path());
    std::error_code ignored;
    if (iteration >= 0 && entry->is_regular_file(ignored)) found[iteration][kind] = entry->path();
  }
  if (error) {
    throw Error(ErrorCode::kIo, "cannot read " + folder.string() + ": " + error.message());
  }
  return found;
}

/// Iterations evenly chosen, so few that the limits hold.
std::vector<std::map<std::int64_t, Paths>::const_iterator> chosen_of(
    const std::map<std::int64_t, Paths>& pictures, const RunLimits& limits) {
  std::vector<std::map<std::int64_t, Paths>::const_iterator> all, chosen;
  for (auto each = pictures.begin(); each != pictures.end(); ++each) all.push_back(each);
  const auto most = static_cast<std::size_t>(std::max<std::int64_t>(limits.pictures, 1));
  for (std::size_t n = std::min(all.size(), most); n > 0; --n) {
    chosen.clear();
    std::int64_t n_pictures = 0, n_bytes = 0;
    for (const std::size_t i : evenly_chosen(all.size(), n)) {
      chosen.push_back(all[i]);
      for (const auto& [kind, path] : all[i]->second) {
        ++n_pictures;
        n_bytes += bytes_of(path);
      }
    }
    if (n_pictures <= limits.pictures && n_bytes <= limits.picture_bytes) break;
  }
  return chosen;
}

constexpr const char* kMoveAway = "; move it away, and the page does without it";

/// A file, and no pipe that may never end.
std::string read_regular_file(const fs::path& path) {
  if (base::path_exists(path) && !base::is_file(path)) {
    throw Error(ErrorCode::kBadData,
                path.string() + ": is a folder, a pipe or a device; expected " + "a file");
  }
  return base::read_file(path);
}

/// What `read` gives; what is wrong with its data is said with what to do about it.
template <class Read>
auto read_or_advise(const std::string& advice, Read read) {
  try {
    return read();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kBadData) throw;
    throw Error(error.code(), error.what() + advice);
  }
}

std::string read_picture(const fs::path& path) {
  return read_or_advise(kMoveAway, [&] {
    std::string png = read_regular_file(path);
    data::decode_png(png, path.string());  // a damaged one is an error here, and a hole in the page
    return png;
  });
}

/// One that is not from samples/.
std::string read_picture(const fs::path& path, const RunLimits& limits) {
  const std::int64_t n_bytes = bytes_of(path);
  if (n_bytes > limits.film_bytes) {
    throw Error(ErrorCode::kBadData, path.string() + ": has " + std::to_string(n_bytes) +
                                         " bytes, expected at most " +
                                         std::to_string(limits.film_bytes) + kMoveAway);
  }
  return read_picture(path);
}

Evaluation read_evaluation(const fs::path& folder, const RunLimits& limits) {
  const fs::path figures = folder / "eval.json", film = folder / "eval-film.png";
  std::error_code ignored;
  Evaluation evaluation;
  const bool has_figures = fs::exists(figures, ignored);
  if (has_figures) {
    evaluation =
        read_or_advise("; make it again by ebm eval, or move it away: the page does without it",
                       [&] { return parse_evaluation(read_regular_file(figures), figures); });
  }
  // A film that the figures do not mention belongs to an older evaluation.
  if (!fs::exists(film, ignored) || (has_figures && !evaluation.names_film)) return evaluation;
  const std::int64_t n_bytes = bytes_of(film);
  if (n_bytes <= limits.film_bytes) {
    evaluation.film_png = read_picture(film);
  } else {
    evaluation.film_left_out = "eval-film.png has " + std::to_string(n_bytes) +
                               " bytes, too many for this page: it is in the run folder.";
  }
  return evaluation;
}

ModeMap read_modes(const fs::path& folder, const RunLimits& limits) {
  const fs::path map = folder / "modes.json", exemplars = folder / "modes.png";
  std::error_code ignored;
  ModeMap modes;
  if (!fs::exists(map, ignored)) return modes;
  modes = read_or_advise("; make it again by ebm modes, or move it away: the page does without it",
                         [&] { return parse_mode_map(read_regular_file(map), map); });
  if (modes.tile_width == 0 || modes.tile_height == 0 || !fs::exists(exemplars, ignored)) {
    return modes;
  }
  modes.exemplars_png = read_picture(exemplars, limits);
  return modes;
}

ClassifierResult read_classifier(const fs::path& folder) {
  const fs::path path = folder / "classify.json";
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return {};
  return read_or_advise(
      "; make it again by ebm classify, or move it away: the page does without it",
      [&] { return parse_classifier(read_regular_file(path), path); });
}

/// restore.json and restore-NAME.json, by name.
std::vector<fs::path> list_restorations(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const fs::path& path = entry->path();
    if (path.extension() == ".json" && is_restoration(path)) found.push_back(path);
  }
  if (error) {
    throw Error(ErrorCode::kIo, "cannot read " + folder.string() + ": " + error.message());
  }
  std::ranges::sort(found);
  return found;
}

std::vector<Restoration> read_restorations(const fs::path& folder, const RunLimits& limits) {
  std::vector<Restoration> restorations;
  for (const fs::path& path : list_restorations(folder)) {
    if (restorations.size() == limits.restorations) break;
    restorations.push_back(
        read_or_advise("; make it again by ebm restore, or move it away: the page does without it",
                       [&] { return parse_restoration(read_regular_file(path), path); }));
    const fs::path picture = fs::path(path).replace_extension(".png");
    std::error_code ignored;
    if (fs::exists(picture, ignored)) {
      restorations.back().picture_png = read_picture(picture, limits);
    }
  }
  return restorations;
}

}  // namespace

RunRecord read_run(const fs::path& folder, const RunLimits& limits) {
  std::error_code ignored;
  for (const char* needed : {"config.toml", "metrics.csv"}) {
    if (fs::exists(folder / needed, ignored)) continue;
    throw Error(ErrorCode::kNoInput, folder.string() + ": is no run folder: there is no " +
                                         (folder / needed).string() +
                                         "; give the folder that training wrote");
  }
  RunRecord run;
  run.name = fs::canonical(folder, ignored).filename().string();
  run.config = read_regular_file(folder / "config.toml");
  run.metrics = read_metrics(read_regular_file(folder / "metrics.csv"), folder / "metrics.csv");
  run.evaluation = read_evaluation(folder, limits);
  run.modes = read_modes(folder, limits);
  run.classifier = read_classifier(folder);
  run.restorations = read_restorations(folder, limits);
  const auto pictures = list_pictures(folder / "samples");
  for (const auto& [iteration, kinds] : pictures) {
    run.n_pictures += static_cast<std::int64_t>(kinds.size());
  }
  RunLimits left = limits;
  left.picture_bytes -= std::ssize(run.evaluation.film_png) + std::ssize(run.modes.exemplars_png);
  for (const Restoration& each : run.restorations) {
    left.picture_bytes -= std::ssize(each.picture_png);
  }
  for (const auto& chosen : chosen_of(pictures, left)) {
    RunRecord::Samples samples{.iteration = chosen->first};
    for (const auto& [kind, path] : chosen->second) samples.png_of[kind] = read_picture(path);
    run.samples.push_back(std::move(samples));
  }
  run.histograms = read_or_advise(kMoveAway, [&] { return read_event_histograms(folder); });
  return run;
}

}  // namespace ebm::report
