#include "app/toy_energy.h"

#include <charconv>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/nearest_name.h"
#include "samplers/double_well.h"
#include "samplers/gaussian_mixture.h"

namespace ebm::app {
namespace {

[[noreturn]] void refuse(const std::string& words, const std::string& right) {
  throw Error(ErrorCode::kUsage, "energy = " + words + ": " + right);
}

}  // namespace

std::shared_ptr<const samplers::Energy> toy_energy(const std::string& words) {
  if (words.rfind("toy:", 0) != 0) refuse(words, "must be toy:NAME[,dim=D]");
  const auto comma = words.find(',');
  const std::string name = words.substr(4, comma == std::string::npos ? comma : comma - 4);
  std::optional<std::int64_t> dim;
  if (comma != std::string::npos) {
    const std::string option = words.substr(comma + 1);
    std::int64_t value = 0;
    const char* last = option.data() + option.size();
    if (option.rfind("dim=", 0) != 0 ||
        std::from_chars(option.data() + 4, last, value).ptr != last || value < 1 ||
        value > 1'000'000) {
      refuse(words, "the only option is dim=D, from 1 to 1000000");
    }
    dim = value;
  }
  if (name == "double-well") return std::make_shared<samplers::DoubleWell>(dim.value_or(1));
  if (name == "8gaussians") {
    if (dim.value_or(2) != 2) refuse(words, "this toy has dim 2");
    return std::make_shared<samplers::GaussianMixture>(samplers::eight_gaussians());
  }
  const std::vector<std::string> known{"double-well", "8gaussians"};
  const std::string nearest = base::nearest_name(name, known);
  refuse(words, nearest.empty() ? "the toys are double-well and 8gaussians"
                                : "no such toy; did you mean " + nearest + "?");
}

}  // namespace ebm::app
