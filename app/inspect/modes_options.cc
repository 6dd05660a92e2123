#include "app/inspect/modes_options.h"

#include "app/command_line.h"
#include "app/target/open_target.h"

namespace ebm::app {

void add_modes_of_energy_options(CLI::App& sub, ModesOfEnergy& command) {
  const char* group = "Modes of an energy";
  const auto add = [&](const char* name, auto& value, const std::string& what) {
    return sub.add_option(name, value, what)->group(group);
  };
  const auto add_map = [&](const char* name, auto& value, const std::string& what) {
    add(name, value, what)->capture_default_str();
  };
  sub.add_option("MODEL", command.model, kModelHelp)->type_name("");
  add("--energy", command.energy, "toy:NAME[,KEY=VALUE]..., as in ebm sample, instead of MODEL")
      ->type_name("TOY");
  add("--init", command.request.init,
      "where chains start: data, noise, replay or FILE.npy [data for a model, noise for a toy]")
      ->type_name("START");
  add("--data", command.request.data, "data of --init data [the training data]")->type_name("SPEC");
  add_map("--n", command.request.search.n, "number of chains");
  add_map("--burn-in", command.request.search.burn_in, "steps before the first frame");
  sub.add_flag("--adapt", command.request.search.adapt, "adapt the step size during burn-in")
      ->group(group);
  add_map("--frames", command.request.search.frames, "states taken from each chain");
  add_map("--lag", command.request.search.lag, "steps between frames");
  add_map("--states", command.request.states, "nodes of the graph: basins (of descent) or k-means");
  add_map("--descent-steps", command.request.map.descent_steps, "steps to the minimum of a basin");
  add("--descent-step-size", command.request.descent_step_size,
      "step size of descents and paths [the model's own; toys 0.01]");
  add_map("--merge-distance", command.request.map.merge_distance,
          "minima closer than this are merged (RMS over coordinates)");
  add_map("--k", command.request.map.k, "clusters of k-means");
  add_map(
      "--paths", command.request.map.max_paths,
      "number of largest modes between which minimum-energy paths are computed; 0 disables them");
  add_map("--band-images", command.request.map.band_images, "states on a path");
  add_map("--band-steps", command.request.map.band_steps, "steps of the path optimisation");
  add("--out", command.out,
      "FILE.json for the results, with FILE.png for images; RUN/modes.json is shown by ebm report")
      ->type_name("FILE");
  add("--picture", command.picture, "FILE.png: the exemplar of each mode, largest mode first")
      ->type_name("FILE");
  add_threads(sub, command.threads)->group(group);
  add_evaluated_by(sub, command.by, group);
  add_sampler_options(sub, command.request.sampler, "mala");
}

}  // namespace ebm::app
