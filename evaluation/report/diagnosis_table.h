#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "samplers/diagnostics/diagnosis.h"

namespace ebm::evaluation {

/// Which rows of a diagnosis are shown: the first ones, and of the others those with the largest
/// R-hat. All, if there are no more than both together.
struct ShownRows {
  std::size_t n_first = 10;
  std::size_t n_worst = 5;
};

/// Indices of the rows shown.
struct RowSelection {
  std::vector<std::size_t> rows;  ///< n_first ones in order, then those with the largest R-hat
  std::size_t n_first = 0;
  std::size_t n_left_out = 0;
};
RowSelection select_rows(const samplers::Diagnosis& diagnosis, const ShownRows& shown = {});

/// The diagnosis as a text table in the manner of cmdstan's stansummary: chains x draws, a row for
/// each scalar with numbers to three significant digits in aligned columns, how many rows are left
/// out, E-BFMI, acceptance and divergent steps as far as known, and a line for each warning. Every
/// line ends with a newline.
std::string diagnosis_table(const samplers::Diagnosis& diagnosis, const ShownRows& shown = {});

}  // namespace ebm::evaluation
