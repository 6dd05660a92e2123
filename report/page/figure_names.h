#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ebm::report {

/// The display name of a figure. Its key stays that of metrics.csv and JSON.
struct FigureName {
  std::string_view key;    ///< in metrics.csv or JSON
  std::string_view title;  ///< "Gradient norm"
  std::string_view unit;   ///< "nats"; empty for a plain number
  std::string_view good;   ///< "lower is better"; empty where no value is good in itself
};

/// The name of a figure that ebm writes; null for one of another program.
/// @param key  in metrics.csv, or the path in eval.json: "auroc", "classes.kl"
const FigureName* find_figure_name(std::string_view key);

/// The title of a figure; of one that is not known its key with blanks: late_one -> Late one.
std::string figure_title(std::string_view key);

/// A figure of one class, as columns of metrics.csv are named: gap_class_3, age_class_none.
struct ClassColumn {
  std::string figure;  ///< "gap_class": what find_figure_name() knows
  std::string klass;   ///< "3", "none"
};
/// Nothing for a column of another name.
std::optional<ClassColumn> column_of_class(std::string_view column);

/// What a set of samples or images in eval.json is called, as `ebm eval` prints it: "gaussian" ->
/// "Gaussian of the pixels". The key itself if it is not known.
std::string set_title(std::string_view key);

}  // namespace ebm::report
