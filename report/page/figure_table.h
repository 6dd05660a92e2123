#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace ebm::report {

/// Figures as text, for display.
struct FigureTable {
  std::string title{};                           ///< empty for the main one
  std::vector<std::string> columns{};            ///< headings; the first is of the names
  std::vector<std::vector<std::string>> rows{};  ///< as long as the headings
};

/// A number with six significant digits.
std::string figure_text(double value);

/// Whether it is an object of objects alone, and of one at least.
bool is_of_objects(const nlohmann::ordered_json& value);

/// The tables of an evaluation: one of the figures that stand in the document itself, and one for
/// each object in it. An object of objects gives one row per object (as "ood" does: one per data
/// set); figures that lie deeper are named with dots. Long lists are only counted.
/// @param document  a JSON object
std::vector<FigureTable> evaluation_tables(const nlohmann::ordered_json& document);

}  // namespace ebm::report
