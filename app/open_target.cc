#include "app/open_target.h"

#include <cstdio>
#include <utility>

#include "app/toy_energy.h"
#include "base/error.h"

namespace ebm::app {

Target open_target(const std::string& model, const std::string& energy,
                   const OpenModel& open_model) {
  if (model.empty() == energy.empty()) {
    throw Error(ErrorCode::kUsage, "give either MODEL or --energy toy:NAME");
  }
  if (!energy.empty()) {
    auto toy = toy_energy(energy);
    const float step_size = 0.01f;
    const std::int64_t dim = toy->dim();
    return {.energy = std::move(toy),
            .recipe = {.langevin = {.step_size = step_size,
                                    .noise_scale = samplers::noise_scale_of(step_size, 1.0f)},
                       .n_steps = 1000},
            .shape = {dim, 1, 1},
            .is_image = false,
            .data = {},
            .checkpoint = {}};
  }
  nets::Model read = nets::read_model(
      model, [](const std::string& line) { std::fprintf(stderr, "ebm: %s\n", line.c_str()); });
  const nets::Shape& input = read.architecture.input;
  return {.energy = open_model(read),
          .recipe = read.recipe,
          .shape = {input.channels, input.height, input.width},
          .is_image = read.recipe.langevin.box.has_value(),
          .data = read.data,
          .checkpoint = std::move(read.checkpoint)};
}

}  // namespace ebm::app
