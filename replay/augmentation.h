#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/random.h"
#include "samplers/kernels/langevin.h"
#include "samplers/operators/linear_operator.h"

namespace ebm::replay {

/// Random changes of images between two uses of their chains, by which chains reach what they would
/// not walk to. Source: Du, Li, Tenenbaum, Mordatch 2021, "Improved contrastive divergence training
/// of energy-based models", section 3.4.
struct Augmentation {
  double probability = 1.0;  ///< that a chain is changed at all
  bool flip = false;         ///< mirrors left and right with probability ½
  std::int64_t shift = 0;    ///< pixels, most that an image moves along each axis
  double colour = 0.0;       ///< a of the factors on three channels, U(1 − a, 1 + a)

  bool is_on() const { return flip || shift > 0 || colour > 0.0; }
  /// @throws Error(kUsage) naming the key, its value and what would be right.
  void validate() const;
  /// @param shape  of the images; nothing for points
  /// @throws Error(kUsage) for points, shifts out of the image and colours of other than three
  ///         channels.
  void require_fitting(const std::optional<samplers::ImageShape>& shape) const;
};

/// What becomes of one image.
struct ImageChange {
  bool flip = false;
  std::int64_t down = 0, right = 0;  ///< pixels that it moves by
  float brightness = 1.0f, contrast = 1.0f, saturation = 1.0f;

  bool operator==(const ImageChange&) const = default;
};

/// Draws a change. What one part of it is does not depend on the other parts.
/// @param random  at its first word; takes at most 9
ImageChange draw_change(const Augmentation& augmentation, base::RandomStream random);

/// Mirrors x[c][i][j] = x[c][i][width − 1 − j], then moves: x[c][i][j] = x[c][i'][j'] with i' = i −
/// down and j' = j − right, each cut off at the borders, so that the outermost row or column is
/// repeated. Then, unless all factors are 1, the colours of three channels, with v in [0, 1] on the
/// box: v ← brightness·v; v ← m + contrast·(v − m), m the mean grey of the image; v ← g +
/// saturation·(v − g), g the grey of the pixel, 0.299·red + 0.587·green + 0.114·blue; and at the
/// end v is clamped to [0, 1].
/// @param row  [channels, height, width]
void apply(const ImageChange& change, const samplers::ImageShape& shape, const samplers::Box& box,
           std::span<float> row);

/// Changes the chains of a draw that have walked. Row i of an iteration takes the same numbers
/// whatever the other rows are.
/// @param ages  [n], in steps: those of 0 are new and stay
/// @param rows  [n, channels, height, width]
/// @param key   kReplayRead of the run, whose streams from 2⁶² on are of changes
void augment(const Augmentation& augmentation, const samplers::ImageShape& shape,
             const samplers::Box& box, const base::RandomKey& key, std::int64_t iteration,
             std::span<const std::int64_t> ages, std::span<float> rows);

}  // namespace ebm::replay
