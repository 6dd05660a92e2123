#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "report/png.h"

namespace ebm::report {

inline constexpr std::size_t kMaxConfusedClasses = 40;  ///< for which a matrix has room

/// How often items of a class were taken for each: a matrix of cells, true classes in rows,
/// predicted ones in columns. A cell is the darker the larger its share of its row is; the share in
/// percent stands in it, unless it rounds to 0.
/// @param names   of the classes
/// @param counts  [n, n], not negative
/// @throws Error(kUsage) for none or more classes, Error(kShape) for other sizes
PixelImage confusion_matrix(const std::vector<std::string>& names,
                            std::span<const std::int64_t> counts);

}  // namespace ebm::report
