// Trains an energy on the rows of a .npy file (float32 [n, dim]), saves it and samples from it.
//
//   train_npy DATA.npy MODEL.safetensors [ITERATIONS]
#include <ebm/data.h>
#include <ebm/ebm.h>
#include <ebm/models.h>
#include <ebm/nets.h>
#include <ebm/samplers.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

using namespace ebm;

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: train_npy DATA.npy MODEL.safetensors [ITERATIONS]\n");
    return 64;
  }
  try {
    TrainOptions options;
    options.data = std::string("npy:") + argv[1];
    options.iterations = argc > 3 ? std::atoll(argv[3]) : 1000;
    const data::Dataset dataset = data::load_dataset(options.data);
    // Fills in what is not set: for points, other defaults than for images.
    options.resolve(dataset.is_image, options.table());
    options.validate();

    const std::int64_t dim = dataset.shape.size();
    Trainer trainer(options, nets::preset("mlp", {dim, 1, 1}), dataset);
    trainer.prepare();
    while (trainer.counters().iteration < options.iterations) {
      if (const auto reason = trainer.iterate()) {
        std::fprintf(stderr, "train_npy: training diverged: %s\n", reason->c_str());
        return 1;
      }
    }
    nets::write_safetensors(argv[2], trainer.model());

    const models::EnergyModel model = models::open_model(argv[2]);
    const auto kernel = samplers::make_kernel(model.settings);
    const std::vector<float> x = samplers::sample(
        *model.energy, *kernel, {.n_chains = 1000, .n_steps = 1000, .seed = 1, .n_threads = 2});
    double mean_square = 0.0;
    for (const float v : x) mean_square += double{v} * v / static_cast<double>(x.size());
    std::printf("E[x^2] = %.3f of samples\n", mean_square);
  } catch (const Error& error) {
    std::fprintf(stderr, "train_npy: %s\n", error.what());
    return 1;
  }
}
