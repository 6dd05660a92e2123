#include "evaluation/report/score_file.h"

#include <string>

#include "base/atomic_file.h"
#include "base/number_text.h"
#include "data/formats/npy.h"

namespace ebm::evaluation {
namespace {

/// @param columns   names of the energies
/// @param energies  [n, columns]
std::string csv_of(const std::vector<std::string>& columns, const std::vector<float>& energies,
                   const data::Dataset& dataset) {
  std::string text = dataset.labels.empty() ? "item" : "item,label";
  for (const std::string& column : columns) text += "," + column;
  text += "\n";
  for (std::size_t i = 0; i < energies.size() / columns.size(); ++i) {
    text += std::to_string(i);
    if (!dataset.labels.empty()) text += "," + std::to_string(dataset.labels[i]);
    for (std::size_t k = 0; k < columns.size(); ++k) {
      text += "," + base::exact_text(energies[i * columns.size() + k]);
    }
    text += "\n";
  }
  return text;
}

}  // namespace

void write_scores(const std::filesystem::path& path, const std::vector<float>& energies,
                  const data::Dataset& dataset) {
  if (path.extension() == ".npy") {
    data::write_npy(path, energies,
                    std::vector<std::int64_t>{static_cast<std::int64_t>(energies.size())});
  } else {
    base::write_file_atomically(path, csv_of({"energy"}, energies, dataset));
  }
}

void write_class_scores(const std::filesystem::path& path, const std::vector<float>& energies,
                        std::int64_t n_classes, const data::Dataset& dataset) {
  if (path.extension() == ".npy") {
    const std::int64_t n = static_cast<std::int64_t>(energies.size()) / n_classes;
    data::write_npy(path, energies, std::vector<std::int64_t>{n, n_classes});
    return;
  }
  std::vector<std::string> columns;
  for (std::int64_t k = 0; k < n_classes; ++k) columns.push_back("energy_" + std::to_string(k));
  base::write_file_atomically(path, csv_of(columns, energies, dataset));
}

}  // namespace ebm::evaluation
