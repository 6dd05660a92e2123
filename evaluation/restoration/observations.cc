#include "evaluation/restoration/observations.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/random.h"
#include "data/batch_source.h"
#include "data/formats/npy.h"
#include "data/item_shape.h"
#include "data/load_dataset.h"
#include "data/spec.h"

namespace ebm::evaluation {
namespace {

/// Only the entries that a mask does not hide. @param rows [n, shape.size()]
std::vector<float> seen_entries(const ObservationOperator& observed,
                                const std::vector<float>& rows) {
  if (observed.is_hidden.empty()) return rows;
  std::vector<float> seen;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (observed.is_hidden[i % observed.is_hidden.size()] == 0) seen.push_back(rows[i]);
  }
  return seen;
}

/// Any numbers of an array, levels of uint8 as values in [−1, 1].
ReadImages read_array(const std::string& file, const ObservationOperator& observed,
                      const data::OnRead& on_read) {
  const data::NpyArray array = data::read_npy(file, on_read);
  ReadImages read;
  if (const auto* levels = std::get_if<std::vector<std::uint8_t>>(&array.values)) {
    for (const std::uint8_t level : *levels) {
      read.rows.push_back(static_cast<float>(level) / 127.5f - 1.0f);
    }
  } else {
    read.rows = std::get<std::vector<float>>(array.values);
  }
  const bool is_one = std::ssize(read.rows) == observed.shape.size();
  read.n = is_one || array.shape.empty() ? 1 : array.shape[0];
  return read;
}

void require_finite(const std::vector<float>& y, std::int64_t m, const std::string& file) {
  const auto bad = std::ranges::find_if_not(y, [](float value) { return std::isfinite(value); });
  if (bad == y.end()) return;
  throw Error(ErrorCode::kBadData, file + ": observation " + std::to_string((bad - y.begin()) / m) +
                                       " holds " + std::to_string(*bad) +
                                       "; must be finite where it is not hidden");
}

}  // namespace

ReadImages read_images(const std::string& spec, const data::ItemShape& shape,
                       const data::OnRead& on_read) {
  const data::Dataset dataset = data::load_dataset(data::spec_or_file(spec), on_read);
  if (!dataset.is_image) throw Error(ErrorCode::kUsage, dataset.name + " holds points, no images");
  data::require_shape(dataset.shape, dataset.name, shape);
  ReadImages read{.n = dataset.n, .rows = {}, .warnings = dataset.warnings};
  read.rows.resize(static_cast<std::size_t>(dataset.n * shape.size()));
  data::BatchSource(dataset, {.batch_size = 1}).fill_range(0, dataset.n, read.rows);
  return read;
}

std::vector<float> simulate_observations(const ObservationOperator& observed,
                                         const std::vector<float>& truth, double noise_sd,
                                         std::uint64_t seed, std::uint32_t generation) {
  std::vector<float> y = samplers::apply_to_rows(*observed.a, truth);
  if (noise_sd == 0.0) return y;
  const auto m = static_cast<std::size_t>(observed.a->output_dim());
  // Generation 0 of this purpose makes the starts of chains.
  const base::RandomKey key{
      .seed = seed, .domain = base::Domain::kSampleInit, .generation = generation};
  for (std::size_t image = 0; image < y.size() / m; ++image) {
    base::RandomStream stream(key, image);
    for (std::size_t i = image * m; i < (image + 1) * m; ++i) {
      y[i] = static_cast<float>(double{y[i]} + noise_sd * stream.next_normal());
    }
  }
  return y;
}

std::vector<float> observations_of(const ObservationOperator& observed,
                                   const std::vector<float>& rows, std::int64_t n,
                                   const std::string& name) {
  const auto n_values = static_cast<std::int64_t>(rows.size());
  if (n_values == 0 || n_values % n != 0 || n_values / n != observed.shape.size()) {
    throw Error(ErrorCode::kShape, name + " holds " + std::to_string(n_values) +
                                       " values; expected observations of " +
                                       data::shape_text(observed.shape));
  }
  std::vector<float> y = seen_entries(observed, rows);
  require_finite(y, observed.a->output_dim(), name);
  return y;
}

ReadImages read_observations(const std::string& spec, const ObservationOperator& observed,
                             const data::OnRead& on_read) {
  const bool is_array =
      std::filesystem::path(spec).extension() == ".npy" && spec.find(':') == std::string::npos;
  if (!is_array && !observed.is_image) {
    throw Error(ErrorCode::kUsage, "observed = " + spec + ": must be a FILE.npy, as what is " +
                                       "observed by " + observed.text + " is no image");
  }
  ReadImages read =
      is_array ? read_array(spec, observed, on_read) : read_images(spec, observed.shape, on_read);
  read.rows = observations_of(observed, read.rows, read.n, spec);
  return read;
}

std::vector<float> observations_as_images(const ObservationOperator& observed,
                                          const std::vector<float>& y, float hidden) {
  if (observed.is_hidden.empty()) return y;
  const std::size_t n = y.size() / static_cast<std::size_t>(observed.a->output_dim());
  std::vector<float> rows;
  auto seen = y.begin();
  for (std::size_t i = 0; i < n * observed.is_hidden.size(); ++i) {
    rows.push_back(observed.is_hidden[i % observed.is_hidden.size()] != 0 ? hidden : *seen++);
  }
  return rows;
}

}  // namespace ebm::evaluation
