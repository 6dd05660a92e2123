#include "evaluation/restoration/total_variation.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/aligned_vector.h"
#include "base/parallel.h"
#include "base/require.h"
#include "samplers/chain_block.h"

namespace ebm::evaluation {
namespace {

constexpr auto kLanes = static_cast<std::size_t>(samplers::kLanes);

/// The iteration for 16 images, one in a lane each.
class Descent {
 public:
  Descent(const samplers::LinearOperator& a, const data::ItemShape& shape,
          const TotalVariationOptions& options, float step)
      : a_(a),
        height_(static_cast<std::size_t>(shape.height)),
        width_(static_cast<std::size_t>(shape.width)),
        n_planes_(static_cast<std::size_t>(shape.channels)),
        options_(options),
        step_(step),
        bar_(static_cast<std::size_t>(a.dim()) * kLanes),
        right_(bar_.size()),
        below_(bar_.size()),
        slope_(bar_.size()),
        dual_(static_cast<std::size_t>(a.output_dim()) * kLanes),
        seen_(dual_.size()),
        scratch_(static_cast<std::size_t>(a.scratch_size())) {}

  /// @param y  [output_dim, kLanes]
  /// @param x  [dim, kLanes], written
  void run(std::span<const float> y, std::span<float> x) {
    for (auto* each : {&bar_, &right_, &below_, &dual_})
      std::fill(each->begin(), each->end(), 0.0f);
    std::fill(x.begin(), x.end(), 0.0f);
    for (std::int64_t i = 0; i < options_.n_steps; ++i) {
      ascend_data(y);
      ascend_variation();
      descend(x);
    }
  }

 private:
  /// The dual of ½‖· − y‖², or of · = y.
  void ascend_data(std::span<const float> y) {
    a_.apply(bar_.data(), seen_.data(), scratch_.data());
    const float shrink = options_.is_exact ? 1.0f : 1.0f / (1.0f + step_);
    for (std::size_t i = 0; i < dual_.size(); ++i) {
      dual_[i] = shrink * (dual_[i] + step_ * (seen_[i] - y[i]));
    }
  }

  /// f(place, place to its right or the same, place below or the same), of every pixel
  template <class F>
  void for_each_pixel(const F& f) const {
    for (std::size_t plane = 0; plane < n_planes_; ++plane) {
      for (std::size_t row = 0; row < height_; ++row) {
        for (std::size_t column = 0; column < width_; ++column) {
          const std::size_t at = ((plane * height_ + row) * width_ + column) * kLanes;
          f(at, column + 1 < width_ ? at + kLanes : at,
            row + 1 < height_ ? at + width_ * kLanes : at);
        }
      }
    }
  }

  /// The dual of μ·Σ|∇·|: vectors of length μ at most.
  void ascend_variation() {
    const auto weight = static_cast<float>(options_.weight);
    for_each_pixel([&](std::size_t at, std::size_t right, std::size_t below) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const float p = right_[at + lane] + step_ * (bar_[right + lane] - bar_[at + lane]);
        const float q = below_[at + lane] + step_ * (bar_[below + lane] - bar_[at + lane]);
        const float shrink = weight / std::max(weight, std::sqrt(p * p + q * q));
        right_[at + lane] = shrink * p;
        below_[at + lane] = shrink * q;
      }
    });
  }

  void descend(std::span<float> x) {
    a_.adjoint(dual_.data(), slope_.data(), scratch_.data());
    for_each_pixel([&](std::size_t at, std::size_t right, std::size_t below) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        slope_[at + lane] -= right_[at + lane] + below_[at + lane];
        slope_[right + lane] += right_[at + lane];
        slope_[below + lane] += below_[at + lane];
      }
    });
    for (std::size_t i = 0; i < x.size(); ++i) {
      const float next = std::min(std::max(x[i] - step_ * slope_[i], options_.low), options_.high);
      bar_[i] = 2.0f * next - x[i];
      x[i] = next;
    }
  }

  const samplers::LinearOperator& a_;
  std::size_t height_, width_, n_planes_;
  const TotalVariationOptions& options_;
  float step_;
  base::AlignedVector<float> bar_, right_, below_, slope_, dual_, seen_, scratch_;
};

}  // namespace

void TotalVariationOptions::validate() const {
  base::require_positive("weight", weight);
  base::require_at_least("n_steps", n_steps, 1);
}

std::vector<float> total_variation_images(const samplers::LinearOperator& a,
                                          const std::vector<float>& y, const data::ItemShape& shape,
                                          const TotalVariationOptions& options) {
  options.validate();
  const auto n = static_cast<std::int64_t>(y.size()) / a.output_dim();
  // A little below the bound, as the norm is found from below.
  const auto step = static_cast<float>(0.98 / std::sqrt(8.0 + samplers::squared_norm(a)));
  samplers::ChainStore images(n, a.dim(), a.output_dim());
  images.load_context(y);
  base::parallel_for(
      images.n_blocks(), options.n_threads,
      [&] { return std::make_unique<Descent>(a, shape, options, step); },
      [&](std::int64_t block, Descent& descent) {
        const samplers::ChainBlocks lanes = images.blocks(block, 1);
        descent.run(lanes.context, lanes.x);
      });
  std::vector<float> rows(static_cast<std::size_t>(n * a.dim()));
  images.store_rows(rows);
  return rows;
}

}  // namespace ebm::evaluation
