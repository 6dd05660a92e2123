#include "report/page/html_mode_map.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/printed.h"
#include "report/page/figure_table.h"
#include "report/page/html_text.h"

namespace ebm::report {
namespace {

using base::printed;

// Sizes in the units of the drawings, which scale with the page.
constexpr double kMapWidth = 720.0, kMapHeight = 620.0, kRing = 235.0;
constexpr double kMinNode = 34.0, kMaxNode = 84.0;
constexpr double kTreeWidth = 720.0, kTreeHeight = 400.0;
constexpr double kTreeLeft = 80.0, kTreeRight = 20.0, kTreeTop = 20.0, kTreeBottom = 80.0;

struct Point {
  double x, y;
};

/// One tile of the strip of exemplars, centred at a point; a disc where there are no pictures.
std::string exemplar(const ModeMap& map, std::size_t mode, const Point& at, double size) {
  if (map.exemplars_png.empty()) {
    return printed("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" class=\"swatch-%zu-fill\"/>", at.x,
                   at.y, size / 2, mode % 8);
  }
  const auto w = static_cast<double>(map.tile_width), h = static_cast<double>(map.tile_height);
  const double height = size * h / w;
  return printed(
             "<svg x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" viewBox=\"%.0f 0 %.0f "
             "%.0f\" preserveAspectRatio=\"none\"><use href=\"#exemplars\"/></svg>",
             at.x - size / 2, at.y - height / 2, size, height, static_cast<double>(mode) * w, w,
             h) +
         printed("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"frame\"/>",
                 at.x - size / 2, at.y - height / 2, size, height);
}

/// The strip, once for all drawings.
std::string strip(const ModeMap& map) {
  if (map.exemplars_png.empty()) return {};
  const auto n = static_cast<std::int64_t>(map.modes.size());
  return "<svg width=\"0\" height=\"0\" class=\"hidden\" aria-hidden=\"true\"><defs>"
         "<image id=\"exemplars\" class=\"pixels\" width=\"" +
         std::to_string(n * map.tile_width) + "\" height=\"" + std::to_string(map.tile_height) +
         "\" href=\"" + png_data_uri(map.exemplars_png) + "\"/></defs></svg>\n";
}

/// Modes around the ring, each beside one that it exchanges much with.
std::vector<std::size_t> ring_order(const ModeMap& map) {
  const std::size_t n = map.modes.size();
  std::vector<double> between(n * n, 0.0);
  for (const auto& flow : map.flows) {
    between[flow.from * n + flow.to] += flow.flow;
    between[flow.to * n + flow.from] += flow.flow;
  }
  std::vector<std::size_t> order{0};
  std::vector<bool> placed(n, false);
  placed[0] = true;
  while (order.size() < n) {
    std::size_t next = n;
    for (std::size_t i = 0; i < n; ++i) {
      if (placed[i]) continue;
      if (next == n || between[order.back() * n + i] > between[order.back() * n + next]) next = i;
    }
    placed[next] = true;
    order.push_back(next);
  }
  return order;
}

std::string ring(const ModeMap& map) {
  const std::size_t n = map.modes.size();
  std::vector<Point> at(n, {kMapWidth / 2, kMapHeight / 2});
  const auto order = ring_order(map);
  for (std::size_t k = 0; k < n && n > 1; ++k) {
    const double angle = 2.0 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(n) -
                         std::numbers::pi / 2;
    at[order[k]] = {kMapWidth / 2 + kRing * 1.2 * std::cos(angle),
                    kMapHeight / 2 + kRing * std::sin(angle)};
  }
  double largest_flow = 0.0, largest_mass = 0.0;
  for (const auto& flow : map.flows) largest_flow = std::max(largest_flow, flow.flow);
  for (const auto& mode : map.modes) largest_mass = std::max(largest_mass, mode.mass);
  std::string text = printed(
      "<svg viewBox=\"0 0 %.0f %.0f\" class=\"drawing\" role=\"img\" aria-label=\"Map of modes: "
      "the table below has its numbers\">\n",
      kMapWidth, kMapHeight);
  for (const auto& flow : map.flows) {
    if (flow.from == flow.to || flow.flow <= 0.0) continue;
    text += printed(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"flow\" "
                "stroke-width=\"%.2f\">",
                at[flow.from].x, at[flow.from].y, at[flow.to].x, at[flow.to].y,
                0.8 + 7.0 * std::sqrt(flow.flow / largest_flow)) +
            printed("<title>%zu and %zu: %.3g of the frames</title></line>\n", flow.from + 1,
                    flow.to + 1, flow.flow);
  }
  for (std::size_t i = 0; i < n; ++i) {
    const double size = std::max(
        kMinNode, kMaxNode * std::sqrt(map.modes[i].mass / std::max(largest_mass, 1e-300)));
    text += "<g>" + exemplar(map, i, at[i], size) +
            printed("<text x=\"%.1f\" y=\"%.1f\">%zu: %.3g %%</text></g>\n", at[i].x,
                    at[i].y + size / 2 + 16, i + 1, 100.0 * map.modes[i].mass);
  }
  return text + "</svg>\n";
}

/// The leaves below a group, from left to right.
void collect_leaves(const ModeMap& map, std::size_t group, std::vector<std::size_t>& leaves) {
  if (group < map.n_tree()) {
    leaves.push_back(group);
    return;
  }
  const auto& merge = map.tree[group - map.n_tree()];
  collect_leaves(map, merge.left, leaves);
  collect_leaves(map, merge.right, leaves);
}

std::string tree(const ModeMap& map) {
  const std::size_t n = map.n_tree();
  std::vector<std::size_t> leaves;
  collect_leaves(map, 2 * n - 2, leaves);
  double low = map.modes[0].energy, high = map.tree.back().energy;
  for (std::size_t i = 0; i < n; ++i) low = std::min(low, map.modes[i].energy);
  for (const auto& merge : map.tree) high = std::max(high, merge.energy);
  const double range = std::max(high - low, 1e-12);
  const auto y_of = [&](double energy) {
    return kTreeTop + (high - energy) / range * (kTreeHeight - kTreeTop - kTreeBottom);
  };
  std::vector<Point> at(2 * n - 1);
  for (std::size_t k = 0; k < n; ++k) {
    at[leaves[k]] = {kTreeLeft + (kTreeWidth - kTreeLeft - kTreeRight) *
                                     (static_cast<double>(k) + 0.5) / static_cast<double>(n),
                     y_of(map.modes[leaves[k]].energy)};
  }
  std::string text = printed(
      "<svg viewBox=\"0 0 %.0f %.0f\" class=\"drawing\" role=\"img\" aria-label=\"Disconnectivity "
      "tree: modes are leaves at their energy, and join where the lowest path between them is "
      "highest\">\n",
      kTreeWidth, kTreeHeight);
  constexpr int kTicks = 5;
  for (int i = 0; i < kTicks; ++i) {
    const double energy = low + range * i / (kTicks - 1);
    text +=
        printed("<line x1=\"%.0f\" y1=\"%.1f\" x2=\"%.0f\" y2=\"%.1f\" class=\"grid\"/>", kTreeLeft,
                y_of(energy), kTreeWidth - kTreeRight, y_of(energy)) +
        printed("<text x=\"%.0f\" y=\"%.1f\" class=\"tick\">", kTreeLeft - 8, y_of(energy) + 5) +
        printed("%.3g", energy) + "</text>\n";
  }
  for (std::size_t i = 0; i < map.tree.size(); ++i) {
    const auto& merge = map.tree[i];
    const Point left = at[merge.left], right = at[merge.right];
    const double y = y_of(merge.energy);
    at[n + i] = {(left.x + right.x) / 2, y};
    text +=
        printed("<polyline points=\"%.1f,%.1f %.1f,%.1f %.1f,%.1f %.1f,%.1f\" class=\"branch\">",
                left.x, left.y, left.x, y, right.x, y, right.x, right.y) +
        "<title>" + figure_text(merge.energy) + "</title></polyline>\n";
  }
  for (std::size_t i = 0; i < n; ++i) {
    text += exemplar(map, i, {at[i].x, kTreeHeight - kTreeBottom + 32}, 34) +
            printed("<text x=\"%.1f\" y=\"%.1f\">%zu</text>\n", at[i].x, kTreeHeight - 8, i + 1);
  }
  return text + "</svg>\n";
}

std::string table(const ModeMap& map) {
  const bool labelled =
      std::ranges::any_of(map.modes, [](const auto& mode) { return mode.label.has_value(); });
  std::string text =
      "<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">mode</th><th scope=\"col\">share "
      "of the time</th><th scope=\"col\">energy</th><th scope=\"col\">steps until it is left</th>";
  if (labelled) text += "<th scope=\"col\">most frequent label</th>";
  text += "</tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < map.modes.size(); ++i) {
    const auto& mode = map.modes[i];
    text += "<tr><th scope=\"row\">" + std::to_string(i + 1) + "</th><td>" +
            printed("%.2f %%", 100.0 * mode.mass) + "</td><td>" + printed("%.4g", mode.energy) +
            "</td><td>" + (mode.escape_time ? printed("%.4g", *mode.escape_time) : "never seen") +
            "</td>";
    if (labelled) text += "<td>" + (mode.label ? std::to_string(*mode.label) : "") + "</td>";
    text += "</tr>\n";
  }
  return text + "</tbody>\n</table></div>\n";
}

}  // namespace

std::string mode_map_section(const ModeMap& map) {
  if (map.is_empty()) return {};
  std::string text = "<p class=\"note\">" + std::to_string(map.n_modes) +
                     " modes at T = " + figure_text(map.temperature) +
                     ", found by the map equation in how chains went from state to state";
  if (map.n_modes > map.modes.size()) {
    text += "; the largest " + std::to_string(map.modes.size()) + " are shown";
  }
  text += ".</p>\n" + strip(map) +
          "<figure><figcaption>pictures: the state of least energy; size: share of the time; "
          "lines: how often chains passed</figcaption>\n" +
          ring(map) + "</figure>\n";
  if (!map.tree.empty()) {
    text +=
        "<figure><figcaption>which modes are one above which energy (disconnectivity tree)"
        "</figcaption>\n" +
        tree(map) + "</figure>\n";
  }
  return html_section("modes", "Modes", text + table(map));
}

}  // namespace ebm::report
