#include "evaluation/film_strip.h"

#include <algorithm>
#include <cmath>

namespace ebm::evaluation {

std::set<std::int64_t> FilmStrip::stops_until(std::int64_t last) {
  constexpr int kRatios = 8;
  std::set<std::int64_t> stops{0};
  if (last < 1) return stops;
  for (int i = 0; i <= kRatios; ++i) {
    stops.insert(
        std::llround(std::pow(static_cast<double>(last), i / static_cast<double>(kRatios))));
  }
  return stops;
}

FilmStrip::FilmStrip(const data::ItemShape& shape, std::int64_t n)
    : shape_(shape), n_chains_(std::min(n, kMaxChains)) {}

void FilmStrip::add(std::int64_t step, std::span<const float> rows) {
  const auto shown = rows.first(static_cast<std::size_t>(n_chains_ * shape_.size()));
  columns_.insert(columns_.end(), shown.begin(), shown.end());
  steps_.push_back(step);
}

std::vector<float> FilmStrip::pictures() const {
  const auto n_steps = static_cast<std::int64_t>(steps_.size());
  std::vector<float> rows;
  rows.reserve(columns_.size());
  for (std::int64_t chain = 0; chain < n_chains_; ++chain) {
    for (std::int64_t step = 0; step < n_steps; ++step) {
      const auto first = columns_.begin() + (step * n_chains_ + chain) * shape_.size();
      rows.insert(rows.end(), first, first + shape_.size());
    }
  }
  return rows;
}

}  // namespace ebm::evaluation
