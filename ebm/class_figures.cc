#include "ebm/class_figures.h"

#include <array>

#include "base/require.h"

namespace ebm {
namespace {

void add_columns(const std::vector<std::string>& names,
                 std::span<const std::optional<double>> values,
                 std::vector<training::Figure>& figures) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    figures.push_back(
        training::figure_if(names[i].c_str(), i < values.size() ? values[i] : std::nullopt));
  }
}

}  // namespace

ClassFigures::ClassFigures(const std::optional<ClassConditions>& classes, bool has_gaps,
                           bool has_ages) {
  if (!classes || !has_gaps || classes->classes() > kMaxClasses) return;
  const std::int64_t n = classes->classes() + (classes->has_none() ? 1 : 0);
  for (std::int64_t label = 0; label < n; ++label) {
    const std::string name = label < classes->classes() ? std::to_string(label) : "none";
    gap_names_.push_back("gap_class_" + name);
    if (has_ages) age_names_.push_back("age_class_" + name);
  }
}

void ClassFigures::add_to(std::vector<training::Figure>& figures,
                          std::span<const training::ClassGap> gaps,
                          std::span<const std::optional<double>> ages) const {
  std::vector<std::optional<double>> gaps_of_both;
  for (const training::ClassGap& one : gaps) {
    gaps_of_both.push_back(one.weight > 0.0 ? std::optional(one.gap) : std::nullopt);
  }
  add_columns(gap_names_, gaps_of_both, figures);
  add_columns(age_names_, ages, figures);
}

std::vector<training::ClassGap> gaps_of_classes(std::span<const float> energies,
                                                std::span<const float> positive_labels,
                                                std::span<const float> negative_labels,
                                                std::int64_t n_labels) {
  struct Sum {
    double energies = 0.0, n = 0.0;
    void add(float energy) {
      energies += double{energy};
      n += 1.0;
    }
  };
  base::require_size("energies", energies.size(),
                     std::ssize(positive_labels) + std::ssize(negative_labels),
                     "one for each item and each sample");
  std::vector<std::array<Sum, 2>> sums(static_cast<std::size_t>(n_labels));
  for (std::size_t i = 0; i < positive_labels.size(); ++i) {
    sums[static_cast<std::size_t>(positive_labels[i])][0].add(energies[i]);
  }
  for (std::size_t i = 0; i < negative_labels.size(); ++i) {
    sums[static_cast<std::size_t>(negative_labels[i])][1].add(energies[positive_labels.size() + i]);
  }
  std::vector<training::ClassGap> gaps(sums.size());
  for (std::size_t label = 0; label < gaps.size(); ++label) {
    const auto& [data, samples] = sums[label];
    if (data.n == 0.0 || samples.n == 0.0) continue;
    gaps[label] = {.gap = data.energies / data.n - samples.energies / samples.n,
                   .weight = data.n * samples.n / (data.n + samples.n)};
  }
  return gaps;
}

}  // namespace ebm
