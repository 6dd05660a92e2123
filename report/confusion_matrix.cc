#include "report/confusion_matrix.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/quote.h"
#include "report/canvas.h"

namespace ebm::report {
namespace {

constexpr double kCell = 44, kNumberSize = 14, kNameSize = 14;
/// Of a cell that has its whole row.
constexpr Colour kFull{0.0, 62 / 255.0, 125 / 255.0};

Colour shade(double share) {
  // The square root shows small shares, too.
  const double t = std::sqrt(share);
  return {1.0 - t * (1.0 - kFull.red), 1.0 - t * (1.0 - kFull.green), 1.0 - t * (1.0 - kFull.blue)};
}

/// A filled square.
void fill(Canvas& canvas, double x, double y) {
  canvas.line({x, x + kCell}, {y + 0.5 * kCell, y + 0.5 * kCell}, kCell);
}

}  // namespace

PixelImage confusion_matrix(const std::vector<std::string>& names,
                            std::span<const std::int64_t> counts) {
  const std::size_t n = names.size();
  if (n < 1 || n > kMaxConfusedClasses) {
    throw Error(ErrorCode::kUsage, "a confusion matrix of " + std::to_string(n) +
                                       " classes cannot be drawn: 1 to " +
                                       std::to_string(kMaxConfusedClasses) + " can");
  }
  if (counts.size() != n * n) {
    throw Error(ErrorCode::kShape, std::to_string(counts.size()) + " counts are no matrix of " +
                                       std::to_string(n) + " classes");
  }
  Canvas measure(100, 100);
  double widest = 0.0;
  std::vector<std::string> shown;
  for (const std::string& name : names) {
    shown.push_back(base::one_line(name));
    widest = std::max(widest, measure.width_of(shown.back(), kNameSize));
  }
  const double left = std::ceil(std::min(widest, 220.0)) + 40, top = 54;
  const double side = static_cast<double>(n) * kCell;
  // Names of columns stand below in turn on two lines where they are wide.
  const bool is_wide = widest > kCell - 4;
  const double below = is_wide ? 64 : 44;
  Canvas canvas(std::max<std::int64_t>(260, static_cast<std::int64_t>(left + side + 40)),
                static_cast<std::int64_t>(top + side + below));
  canvas.colour(kInk);
  canvas.text("rows: true class, columns: predicted class, percent of the row", 12, 20, 0.0, 0.5,
              15);
  for (std::size_t i = 0; i < n; ++i) {
    const double y = top + static_cast<double>(i) * kCell;
    std::int64_t of_row = 0;
    for (std::size_t j = 0; j < n; ++j) of_row += counts[i * n + j];
    canvas.colour(kInk);
    canvas.text(shown[i], left - 8, y + 0.5 * kCell, 1.0, 0.5, kNameSize);
    for (std::size_t j = 0; j < n; ++j) {
      const double x = left + static_cast<double>(j) * kCell;
      const double share =
          of_row == 0 ? 0.0 : static_cast<double>(counts[i * n + j]) / static_cast<double>(of_row);
      canvas.colour(shade(share));
      fill(canvas, x, y);
      const long percent = std::lround(100.0 * share);
      if (percent == 0) continue;
      canvas.colour(share > 0.3 ? Colour{1.0, 1.0, 1.0} : kInk);
      canvas.text(std::to_string(percent), x + 0.5 * kCell, y + 0.5 * kCell, 0.5, 0.5, kNumberSize);
    }
  }
  canvas.colour(kFaint);
  for (std::size_t i = 0; i <= n; ++i) {
    const double at = static_cast<double>(i) * kCell;
    canvas.line({left, left + side}, {top + at, top + at}, 1.0);
    canvas.line({left + at, left + at}, {top, top + side}, 1.0);
  }
  canvas.colour(kInk);
  for (std::size_t j = 0; j < n; ++j) {
    const double y = top + side + 8 + (is_wide && j % 2 == 1 ? 20.0 : 0.0);
    canvas.text(shown[j], left + (static_cast<double>(j) + 0.5) * kCell, y, 0.5, 0.0, kNameSize);
  }
  return canvas.image();
}

}  // namespace ebm::report
