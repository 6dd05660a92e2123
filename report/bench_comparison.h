#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ebm::report {

/// Rates of the same work in two files of `ebm bench`.
struct ComparedRow {
  /// What ran, as the files say it: net or energy, dim, sampler, chains, steps, threads, backend,
  /// precision. Files of older versions have no precision: networks ran in f32.
  std::vector<std::pair<std::string, std::string>> what;
  double first = 0.0, second = 0.0;            ///< chain-steps a second, medians
  double ratio = 0.0;                          ///< second / first
  double ratio_sd = 0.0;                       ///< by the standard deviations over the repetitions
  double first_peak = 0.0, second_peak = 0.0;  ///< fractions of the peaks; 0 for toys
};

struct BenchComparison {
  std::string first_machine, second_machine;  ///< "cpu, 2 cores, AVX3, ebm 1.0"
  std::vector<ComparedRow> rows;              ///< in the order of the first file
  std::size_t only_in_first = 0, only_in_second = 0;
};

/// Compares two documents of `ebm bench --json`. Rows are matched by what ran; the k-th of several
/// alike with the k-th.
/// @param first_path, second_path  for messages
/// @throws Error(kBadData) naming the file for what is no such document, or if no row is in both.
BenchComparison compare_benches(std::string_view first, const std::filesystem::path& first_path,
                                std::string_view second, const std::filesystem::path& second_path);

/// As a table below a line for each machine.
std::string comparison_text(const BenchComparison& comparison);
nlohmann::ordered_json comparison_json(const BenchComparison& comparison);

}  // namespace ebm::report
