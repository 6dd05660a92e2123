#include "evaluation/report/score_file.h"

#include <charconv>
#include <string>

#include "base/atomic_file.h"
#include "data/formats/npy.h"

namespace ebm::evaluation {
namespace {

std::string csv_of(const std::vector<float>& energies, const data::Dataset& dataset) {
  std::string text = dataset.labels.empty() ? "item,energy\n" : "item,label,energy\n";
  for (std::size_t i = 0; i < energies.size(); ++i) {
    text += std::to_string(i) + ",";
    if (!dataset.labels.empty()) text += std::to_string(dataset.labels[i]) + ",";
    char number[32];
    text.append(number, std::to_chars(number, number + sizeof number, energies[i]).ptr);
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
    base::write_file_atomically(path, csv_of(energies, dataset));
  }
}

}  // namespace ebm::evaluation
