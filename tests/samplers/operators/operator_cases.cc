#include "tests/samplers/operators/operator_cases.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "samplers/operators/blur.h"
#include "samplers/operators/downsample.h"
#include "samplers/operators/identity.h"
#include "samplers/operators/mask.h"
#include "samplers/operators/projection.h"

namespace ebm::samplers {
namespace {

constexpr ImageShape kShape{.channels = 2, .height = 4, .width = 6};
constexpr std::int64_t kDim = 48;

struct Place {
  std::int64_t channel, y, x;
};

Place place_of(std::int64_t d, std::int64_t height, std::int64_t width) {
  return {d / (height * width), d / width % height, d % width};
}

/// matrix(row, column) = weight(place of the output, place of the input)
template <class Weight>
std::vector<double> matrix_of(std::int64_t height, std::int64_t width, const Weight& weight) {
  std::vector<double> matrix;
  for (std::int64_t row = 0; row < kShape.channels * height * width; ++row) {
    for (std::int64_t column = 0; column < kDim; ++column) {
      const Place out = place_of(row, height, width);
      const Place in = place_of(column, kShape.height, kShape.width);
      matrix.push_back(out.channel == in.channel ? weight(out, in) : 0.0);
    }
  }
  return matrix;
}

/// The share of a Gaussian at `from` that falls on pixel `to` of a line, all of it beyond an end on
/// the last pixel.
double blur_weight(std::int64_t from, std::int64_t to, std::int64_t length, double sd) {
  const auto radius = static_cast<std::int64_t>(std::ceil(4 * sd));
  double all = 0, here = 0;
  for (std::int64_t k = -radius; k <= radius; ++k) {
    const double g = std::exp(-static_cast<double>(k * k) / (2 * sd * sd));
    all += g;
    if (std::min(std::max<std::int64_t>(from + k, 0), length - 1) == to) here += g;
  }
  return here / all;
}

std::vector<std::uint8_t> hidden_box() {
  std::vector<std::uint8_t> is_hidden;
  for (std::int64_t d = 0; d < kDim; ++d) {
    const Place at = place_of(d, kShape.height, kShape.width);
    is_hidden.push_back(at.y >= 1 && at.y < 3 && at.x >= 2 ? 1 : 0);
  }
  return is_hidden;
}

OperatorCase mask_case() {
  std::vector<double> matrix;
  for (std::int64_t d = 0; d < kDim; ++d) {
    if (hidden_box()[static_cast<std::size_t>(d)] != 0) continue;
    for (std::int64_t column = 0; column < kDim; ++column) matrix.push_back(column == d ? 1 : 0);
  }
  return {"mask", mask_operator(hidden_box()), matrix};
}

OperatorCase downsample_case() {
  return {"downsample", downsample_operator(kShape, 2),
          matrix_of(2, 3, [](const Place& out, const Place& in) {
            return in.y / 2 == out.y && in.x / 2 == out.x ? 0.25 : 0.0;
          })};
}

OperatorCase blur_case() {
  constexpr double kSd = 0.8;
  return {"blur", blur_operator(kShape, kSd),
          matrix_of(4, 6, [](const Place& out, const Place& in) {
            return blur_weight(out.y, in.y, 4, kSd) * blur_weight(out.x, in.x, 6, kSd);
          })};
}

OperatorCase identity_case() {
  return {"identity", identity_operator(kDim),
          matrix_of(4, 6, [](const Place& out, const Place& in) {
            return out.y == in.y && out.x == in.x ? 1.0 : 0.0;
          })};
}

/// 11 rows: a tile of 8, or two of 4, and three by themselves.
OperatorCase projection_case() {
  std::vector<float> floats;
  std::vector<double> matrix;
  for (int i = 0; i < 11 * 48; ++i) {
    floats.push_back(static_cast<float>(0.2 * std::sin(1.0 + 0.7 * i * i)));
    matrix.push_back(floats.back());
  }
  return {"projection", projection_operator(11, kDim, floats), matrix};
}

}  // namespace

const std::vector<OperatorCase>& operator_cases() {
  static const std::vector<OperatorCase> kCases{mask_case(), downsample_case(), blur_case(),
                                                identity_case(), projection_case()};
  return kCases;
}

}  // namespace ebm::samplers
