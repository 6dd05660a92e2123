// Draws images from the model that comes with ebm, without LibTorch.
//
//   shipped_model OUT.npy [STEPS]
#include <ebm/data.h>
#include <ebm/models.h>
#include <ebm/samplers.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

using namespace ebm;

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: shipped_model OUT.npy [STEPS]\n");
    return 64;
  }
  try {
    // A run folder, a checkpoint or a .safetensors file do as well.
    const models::EnergyModel model = models::open_model("fashion-mnist");
    const auto kernel = samplers::make_kernel(model.settings);
    const std::vector<float> images =
        samplers::sample(*model.energy, *kernel,
                         {.n_chains = 16,
                          .n_steps = argc > 2 ? std::atoll(argv[2]) : model.n_steps,
                          .seed = 1,
                          .n_threads = 2,
                          .start_box = model.settings.box});
    const data::ItemShape& shape = model.shape;
    data::write_npy(argv[1], images,
                    std::vector<std::int64_t>{16, shape.channels, shape.height, shape.width});
    std::printf("16 images in %s\n", argv[1]);
  } catch (const Error& error) {
    std::fprintf(stderr, "shipped_model: %s\n", error.what());
    return 1;
  }
}
