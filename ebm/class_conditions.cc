#include "ebm/class_conditions.h"

#include "base/error.h"
#include "base/random.h"
#include "data/class_label.h"

namespace ebm {

ClassConditions::ClassConditions(const data::Dataset& dataset, double label_dropout,
                                 std::uint64_t seed)
    : dataset_(dataset), label_dropout_(label_dropout), seed_(seed) {
  if (dataset.labels.empty()) {
    throw Error(ErrorCode::kUsage, "condition = class: " + dataset.name + " has no labels");
  }
  counts_.resize(static_cast<std::size_t>(data::n_classes(dataset)));
  for (const std::int32_t label : dataset.labels) ++counts_[static_cast<std::size_t>(label)];
}

std::string ClassConditions::name(std::int64_t label) const {
  if (label == classes()) return "none";
  const auto at = static_cast<std::size_t>(label);
  return at < dataset_.class_names.size() ? dataset_.class_names[at] : std::to_string(label);
}

std::vector<std::string> ClassConditions::names() const {
  std::vector<std::string> all;
  if (dataset_.class_names.empty()) return all;
  for (std::int64_t label = 0; label < classes(); ++label) all.push_back(name(label));
  return all;
}

void ClassConditions::drop_labels(std::span<const std::int32_t> labels, std::int64_t first_position,
                                  std::uint32_t generation, std::span<float> context) const {
  for (std::size_t i = 0; i < labels.size(); ++i) {
    base::RandomStream random({seed_, base::Domain::kLabelDrop, generation},
                              static_cast<std::uint64_t>(first_position) + i);
    const bool is_dropped = double{random.next_uniform()} < label_dropout_;
    context[i] = is_dropped ? none() : static_cast<float>(labels[i]);
  }
}

float ClassConditions::draw(std::uint64_t stream, std::uint32_t generation) const {
  base::RandomStream random({seed_, base::Domain::kClassDraw, generation}, stream);
  if (double{random.next_uniform()} < label_dropout_) return none();
  const std::uint64_t item = random.next_below(dataset_.labels.size());
  return static_cast<float>(dataset_.labels[static_cast<std::size_t>(item)]);
}

void ClassConditions::draw_all(std::uint64_t first_stream, std::uint32_t generation,
                               std::span<float> context) const {
  for (std::size_t i = 0; i < context.size(); ++i) context[i] = draw(first_stream + i, generation);
}

std::vector<float> ClassConditions::by_frequency(std::int64_t n) const {
  const double share = static_cast<double>(dataset_.labels.size()) / static_cast<double>(n);
  std::vector<float> labels(static_cast<std::size_t>(n));
  std::size_t label = 0;
  auto end = static_cast<double>(counts_[0]);  // of the items of this class
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double item = (static_cast<double>(i) + 0.5) * share;
    while (item >= end && label + 1 < counts_.size()) {
      end += static_cast<double>(counts_[++label]);
    }
    labels[i] = static_cast<float>(label);
  }
  return labels;
}

}  // namespace ebm
