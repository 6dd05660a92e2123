#include "data/toys.h"

#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

#include "base/error.h"
#include "base/names/nearest_name.h"
#include "base/quote.h"
#include "base/random.h"
#include "base/system/memory_limit.h"

namespace ebm::data {
namespace {

using Point = std::array<double, 2>;
constexpr double kPi = std::numbers::pi;

Point plus_noise(Point p, double sd, base::RandomStream& stream) {
  p[0] += sd * stream.next_normal();
  p[1] += sd * stream.next_normal();
  return p;
}

constexpr double kSdOf8 = 0.15, kSdOf25 = 0.05;

Point centre_of_8(int k) { return {std::cos(kPi * k / 4), std::sin(kPi * k / 4)}; }

Point centre_of_25(int k) {
  const int column = k % 5, row = k / 5;
  return {column - 2.0, row - 2.0};
}

Point draw_8gaussians(int k, base::RandomStream& stream) {
  return plus_noise(centre_of_8(k), kSdOf8, stream);
}

Point draw_25gaussians(int k, base::RandomStream& stream) {
  return plus_noise(centre_of_25(k), kSdOf25, stream);
}

Point draw_two_moons(int k, base::RandomStream& stream) {
  const double angle = kPi * stream.next_uniform();
  const Point upper = {std::cos(angle) - 0.5, std::sin(angle) - 0.25};
  return plus_noise(k == 0 ? upper : Point{-upper[0], -upper[1]}, 0.1, stream);
}

Point draw_rings(int k, base::RandomStream& stream) {
  const double radius = (k + 1) / 2.0;
  const double angle = 2 * kPi * stream.next_uniform();
  return plus_noise({radius * std::cos(angle), radius * std::sin(angle)}, 0.05, stream);
}

Point draw_checkerboard(int k, base::RandomStream& stream) {
  const int row = k / 2, column = 2 * (k % 2) + row % 2;
  const double u = stream.next_uniform();
  const double v = stream.next_uniform();
  return {column - 2 + u, row - 2 + v};
}

Point draw_pinwheel(int k, base::RandomStream& stream) {
  const double a = 1 + 0.3 * stream.next_normal();
  const double b = 0.05 * stream.next_normal();
  const double angle = 2 * kPi * k / 5 + 0.25 * std::exp(a);
  return {a * std::cos(angle) - b * std::sin(angle), a * std::sin(angle) + b * std::cos(angle)};
}

struct Toy {
  std::string_view name;
  int n_classes;
  Point (*draw)(int k, base::RandomStream& stream);
};

constexpr Toy kToys[] = {
    {"8gaussians", 8, draw_8gaussians},     {"25gaussians", 25, draw_25gaussians},
    {"two-moons", 2, draw_two_moons},       {"rings", 4, draw_rings},
    {"checkerboard", 8, draw_checkerboard}, {"pinwheel", 5, draw_pinwheel},
};

const Toy& find_toy(const std::string& name) {
  for (const Toy& toy : kToys) {
    if (toy.name == name) return toy;
  }
  const std::string nearest = base::nearest_name(name, toy_names());
  std::string known;
  for (const std::string& toy : toy_names()) known += (known.empty() ? "" : ", ") + toy;
  throw Error(ErrorCode::kUsage, "unknown toy " + base::quote(name, '\'') +
                                     (nearest.empty() ? "" : ", did you mean '" + nearest + "'?") +
                                     "; known: " + known);
}

}  // namespace

const std::vector<std::string>& toy_names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> list;
    for (const Toy& toy : kToys) list.emplace_back(toy.name);
    return list;
  }();
  return kNames;
}

void ToyOptions::validate() const {
  constexpr std::int64_t kMax = 100'000'000;
  if (n < 1 || n > kMax) {
    throw Error(ErrorCode::kUsage, "toy data: n=" + std::to_string(n) + ", expected from 1 to " +
                                       std::to_string(kMax) + " points");
  }
}

Dataset draw_toy(const std::string& name, const ToyOptions& options) {
  const Toy& toy = find_toy(name);
  options.validate();
  base::require_memory({.option = "limit",
                        .value = options.n,
                        .what = "points",
                        .each = 2 * sizeof(float) + sizeof(std::int32_t)});
  Dataset dataset;
  dataset.labels.reserve(static_cast<std::size_t>(options.n));
  dataset.n = options.n;
  dataset.shape = {.channels = 2, .height = 1, .width = 1};
  dataset.is_image = false;
  const base::RandomKey key{
      .seed = options.seed, .domain = base::Domain::kToyData, .generation = options.test ? 1u : 0u};
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(2 * options.n));
  for (std::int64_t i = 0; i < options.n; ++i) {
    base::RandomStream stream(key, static_cast<std::uint64_t>(i));
    const int k = static_cast<int>(stream.next_below(static_cast<std::uint64_t>(toy.n_classes)));
    const Point point = toy.draw(k, stream);
    values.push_back(static_cast<float>(point[0]));
    values.push_back(static_cast<float>(point[1]));
    dataset.labels.push_back(k);
  }
  dataset.values = std::move(values);
  return dataset;
}

std::optional<ToyModes> toy_modes(const std::string& name) {
  const bool is_8 = name == "8gaussians";
  if (!is_8 && name != "25gaussians") return std::nullopt;
  ToyModes modes{.centres = {}, .sd = is_8 ? kSdOf8 : kSdOf25};
  for (int k = 0; k < find_toy(name).n_classes; ++k) {
    for (const double x : is_8 ? centre_of_8(k) : centre_of_25(k)) {
      modes.centres.push_back(static_cast<float>(x));
    }
  }
  return modes;
}

}  // namespace ebm::data
