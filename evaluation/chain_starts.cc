#include "evaluation/chain_starts.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <sstream>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/names/choice.h"
#include "base/random.h"
#include "data/batch_source.h"
#include "data/formats/npy.h"
#include "data/item_shape.h"
#include "data/load_dataset.h"
#include "nets/files/safetensors.h"
#include "samplers/initial_states.h"

namespace ebm::evaluation {
namespace {

/// Repeats the first rows of `found` until there are n.
std::vector<float> cycle(const std::vector<float>& found, std::int64_t dim, std::int64_t n) {
  std::vector<float> rows(static_cast<std::size_t>(n * dim));
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = found[i % found.size()];
  return rows;
}

/// Which of the items each chain starts at: those with its label in turn.
/// @param has     label of each item; empty if they have none
/// @param source  of the items, for messages
std::vector<std::int64_t> items_of(const std::vector<float>& labels, const std::vector<float>& has,
                                   std::int64_t n_items, const std::string& source) {
  std::map<float, std::vector<std::int64_t>> by_label;
  for (std::int64_t i = 0; i < n_items; ++i) {
    by_label[kAnyLabel].push_back(i);
    if (!has.empty()) by_label[has[static_cast<std::size_t>(i)]].push_back(i);
  }
  std::map<float, std::size_t> taken;
  std::vector<std::int64_t> items;
  for (const float label : labels) {
    const std::vector<std::int64_t>& some = by_label[label];
    if (some.empty()) {
      throw Error(ErrorCode::kUsage, source + " has nothing of label " +
                                         std::to_string(static_cast<std::int64_t>(label)) +
                                         " to start from" +
                                         (has.empty() ? ": it has no labels" : ""));
    }
    items.push_back(some[taken[label]++ % some.size()]);
  }
  return items;
}

/// The rows, if a chain can start at each of them.
std::vector<float> inside(std::vector<float> rows, const std::string& source,
                          const data::ItemShape& shape, const std::optional<samplers::Box>& box) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const float x = rows[i];
    if (std::isfinite(x) && (!box || (x >= box->low && x <= box->high))) continue;
    std::ostringstream text;
    text << source << " holds " << x << " in row " << i / static_cast<std::size_t>(shape.size())
         << "; expected ";
    if (box) {
      text << "values from " << box->low << " to " << box->high;
    } else {
      text << "finite numbers";
    }
    throw Error(ErrorCode::kBadData, text.str());
  }
  return rows;
}

std::vector<float> from_noise(const ChainStartOptions& start, const data::ItemShape& shape,
                              const std::optional<samplers::Box>& box) {
  if (box && !start.noise_sd && !std::isfinite(box->high - box->low)) {
    throw Error(ErrorCode::kUsage,
                "init = noise: is uniform on the box, which has no end; give --init FILE.npy");
  }
  std::vector<float> rows(static_cast<std::size_t>(start.n * shape.size()));
  samplers::draw_initial_states({.seed = start.seed, .domain = base::Domain::kSampleInit}, 0,
                                shape.size(), box, rows, start.noise_sd);
  return rows;
}

std::vector<float> chosen(const std::vector<float>& rows, std::int64_t dim,
                          const std::vector<std::int64_t>& items) {
  std::vector<float> some;
  for (const std::int64_t i : items) {
    const auto first = rows.begin() + static_cast<std::ptrdiff_t>(i * dim);
    some.insert(some.end(), first, first + static_cast<std::ptrdiff_t>(dim));
  }
  return some;
}

/// The first number of each chain's context; empty if they have none.
std::vector<float> labels_of_buffer(const nets::SafetensorsFile& saved, std::int64_t size) {
  const auto found = saved.tensors.find("context");
  if (found == saved.tensors.end() || found->second.shape.size() != 2 ||
      found->second.shape[1] < 1 || found->second.shape[0] < size) {
    return {};
  }
  const std::span<const float> context = found->second.as_floats();
  std::vector<float> labels;
  for (std::int64_t i = 0; i < size; ++i) {
    labels.push_back(context[static_cast<std::size_t>(i * found->second.shape[1])]);
  }
  return labels;
}

std::vector<float> from_replay(const ChainStartOptions& start, const data::ItemShape& shape,
                               const std::optional<samplers::Box>& box,
                               const nets::CheckpointFiles& checkpoint) {
  const auto file = checkpoint.find("replay.safetensors");
  if (file == checkpoint.end()) {
    throw Error(ErrorCode::kUsage,
                "init = replay: the model has no replay buffer; give a run folder or a checkpoint "
                "of a run with persistent chains");
  }
  const auto saved = nets::parse_safetensors(file->second, "replay.safetensors");
  const auto& items = saved.tensor("items");
  const auto counters = saved.tensor("counters").as_int64s();
  const bool fits = items.shape.size() == 2 && items.shape[1] == shape.size() &&
                    items.shape[1] > 0 && counters.size() == 3 && counters[0] >= 0 &&
                    counters[0] <= items.shape[0];
  if (!fits) {
    throw Error(ErrorCode::kBadData,
                "replay.safetensors of the checkpoint is no buffer of states of " +
                    data::shape_text(shape));
  }
  const std::int64_t size = counters[0];
  const std::int64_t n = start.labels.empty() ? std::min(start.n, size) : size;
  if (n < 1) throw Error(ErrorCode::kUsage, "init = replay: the replay buffer is still empty");
  const auto n_values = static_cast<std::size_t>(n * shape.size());
  std::vector<float> rows(n_values);
  if (items.dtype == nets::DType::kF32) {
    std::copy_n(items.as_floats().begin(), n_values, rows.begin());
  } else {
    const samplers::Box range = box.value_or(samplers::Box{-1.0f, 1.0f});
    for (std::size_t i = 0; i < n_values; ++i) {
      const float level = static_cast<float>(items.as_bytes()[i]) + 0.5f;
      rows[i] = range.low + (range.high - range.low) / 256.0f * level;
    }
  }
  if (start.labels.empty()) return cycle(rows, shape.size(), start.n);
  return chosen(rows, shape.size(),
                items_of(start.labels, labels_of_buffer(saved, size), size, "the replay buffer"));
}

/// The items that chains start at: the first n in order, or those that have the labels asked for.
std::vector<std::int64_t> started_items(const ChainStartOptions& start,
                                        const data::Dataset& dataset) {
  std::vector<std::int64_t> items;
  if (start.labels.empty()) {
    for (std::int64_t i = 0; i < start.n; ++i) items.push_back(i % dataset.n);
    return items;
  }
  const bool asks_for_a_label =
      std::ranges::any_of(start.labels, [](float label) { return label != kAnyLabel; });
  const std::vector<std::int32_t> has =
      start.labels_of_data && asks_for_a_label ? start.labels_of_data(dataset) : dataset.labels;
  return items_of(start.labels, {has.begin(), has.end()}, dataset.n, start.data);
}

LabelledStarts from_data(const ChainStartOptions& start, const data::ItemShape& shape) {
  if (start.data.empty()) {
    throw Error(ErrorCode::kUsage, "init = data: needs --data SPEC");
  }
  const data::Dataset dataset = data::load_dataset(start.data, start.on_read);
  for (const std::string& line : dataset.warnings) {
    if (start.on_warning) start.on_warning(line);
  }
  data::require_shape(dataset.shape, start.data, shape);
  const data::BatchSource source(dataset, {.batch_size = 1});
  const std::vector<std::int64_t> items = started_items(start, dataset);
  const auto dim = static_cast<std::size_t>(shape.size());
  LabelledStarts starts{.rows = std::vector<float>(items.size() * dim)};
  for (std::size_t i = 0; i < items.size(); ++i) {
    source.fill_range(items[i], 1, std::span(starts.rows).subspan(i * dim, dim));
    if (dataset.labels.empty()) continue;
    starts.labels.push_back(dataset.labels[static_cast<std::size_t>(items[i])]);
  }
  return starts;
}

constexpr base::Choice<StartKind> kStarts[] = {
    {"noise", StartKind::kNoise}, {"replay", StartKind::kReplay}, {"data", StartKind::kData}};

}  // namespace

ChainStart parse_chain_start(const std::string& text) {
  for (const base::Choice<StartKind>& start : kStarts) {
    if (text == start.name) return {.kind = start.value};
  }
  if (text.ends_with(".npy")) return {.kind = StartKind::kFile, .file = text};
  throw Error(ErrorCode::kUsage, "init = " + text + ": must be noise, replay, data or FILE.npy");
}

std::vector<float> labels_of_starts(StartKind kind, std::vector<float> labels,
                                    std::int64_t n_classes) {
  if (kind != StartKind::kData && kind != StartKind::kReplay) return {};
  for (float& label : labels) {
    if (label >= static_cast<float>(n_classes)) label = kAnyLabel;
  }
  return labels;
}

std::vector<float> read_states(const std::filesystem::path& file, const data::ItemShape& shape,
                               const std::optional<samplers::Box>& box) {
  data::NpyArray array = data::read_npy(file);
  auto* values = std::get_if<std::vector<float>>(&array.values);
  if (values == nullptr) {
    throw Error(ErrorCode::kBadData, file.string() + " holds uint8; expected float32 states");
  }
  if (array.shape.empty() || values->empty() ||
      static_cast<std::int64_t>(values->size()) != array.shape[0] * shape.size()) {
    throw Error(ErrorCode::kShape, file.string() + " holds " + std::to_string(values->size()) +
                                       " values; expected rows of " + data::shape_text(shape));
  }
  return inside(std::move(*values), file.string(), shape, box);
}

std::int64_t replay_size(const nets::CheckpointFiles& checkpoint) {
  const auto file = checkpoint.find("replay.safetensors");
  if (file == checkpoint.end()) return 0;
  const auto saved = nets::parse_safetensors(file->second, "replay.safetensors");
  const auto counters = saved.tensor("counters").as_int64s();
  return counters.empty() ? 0 : counters[0];
}

LabelledStarts labelled_starts(const ChainStartOptions& start, const data::ItemShape& shape,
                               const std::optional<samplers::Box>& box,
                               const nets::CheckpointFiles& checkpoint) {
  switch (start.kind) {
    case StartKind::kNoise:
      return {from_noise(start, shape, box)};
    case StartKind::kReplay:
      return {inside(from_replay(start, shape, box, checkpoint), "the replay buffer", shape, box)};
    case StartKind::kData: {
      LabelledStarts starts = from_data(start, shape);
      starts.rows = inside(std::move(starts.rows), start.data, shape, box);
      return starts;
    }
    case StartKind::kFile:
      return {cycle(read_states(start.file, shape, box), shape.size(), start.n)};
  }
  throw Error(ErrorCode::kInternal, "a kind of start is missing from labelled_starts()");
}

std::vector<float> chain_starts(const ChainStartOptions& start, const data::ItemShape& shape,
                                const std::optional<samplers::Box>& box,
                                const nets::CheckpointFiles& checkpoint) {
  return labelled_starts(start, shape, box, checkpoint).rows;
}

}  // namespace ebm::evaluation
