#include "training/train_observer.h"

#include <limits>

#include "base/error.h"

namespace ebm::training {

Figure figure_if(const char* name, const std::optional<double>& value) {
  return value ? Figure{name, *value} : Figure{name, std::monostate()};
}

double TrainStats::value(std::string_view name) const {
  for (const Figure& figure : figures) {
    if (figure.name != name) continue;
    if (const auto* whole = std::get_if<std::int64_t>(&figure.value)) {
      return static_cast<double>(*whole);
    }
    const auto* real = std::get_if<double>(&figure.value);
    return real != nullptr ? *real : std::numeric_limits<double>::quiet_NaN();
  }
  throw Error(ErrorCode::kInternal, "no figure is called " + std::string(name));
}

}  // namespace ebm::training
