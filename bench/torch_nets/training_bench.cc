// One iteration of training: contrastive divergence of `uva`, batch 128, 60 Langevin steps of
// chains from the replay buffer, weight gradient, Adam, average. Three runs from one seed go on by
// turns, so that what slows the machine down hits all of them:
//   compiled        the compiled network, two threads
//   torch           LibTorch at its best: groups of 32, two threads side by side
//   torch-intra-op  LibTorch as most programs run it: whole batches on one thread, two threads
//                   inside each operation
// A repetition is a turn of kTurn iterations, of which the mean is reported; what a run saves
// between two turns is not timed. times_torch and times_torch_intra_op are quotients within a turn:
// how many times as long those take.

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "ebm/trainer.h"
#include "nets/architecture/presets.h"
#include "torch_nets/training_backend.h"
#include "training/run_folder.h"
#include "training/training_loop.h"

namespace ebm {
namespace {

constexpr int kTurns = 9;
constexpr int kTurn = 3;  // iterations

struct Contender {
  const char* name;
  Backend backend;
  int threads, intraop_threads;
};
constexpr std::array<Contender, 3> kBackends = {{{"compiled", Backend::kCompiled, 2, 0},
                                                 {"torch", Backend::kTorch, 2, 0},
                                                 {"torch-intra-op", Backend::kTorch, 1, 2}}};
enum { kCompiled, kTorch, kTorchIntraOp };

/// 1024 images of one bright square each.
data::Dataset squares() {
  constexpr std::size_t kImages = 1024, kSide = 28, kSquare = 9;
  std::vector<std::uint8_t> pixels(kImages * kSide * kSide, 10);
  for (std::size_t i = 0; i < kImages; ++i) {
    const std::size_t top = i % (kSide - kSquare), left = i * 7 % (kSide - kSquare);
    for (std::size_t p = 0; p < kSquare * kSquare; ++p) {
      pixels[(i * kSide + top + p / kSquare) * kSide + left + p % kSquare] = 240;
    }
  }
  data::Dataset dataset;
  dataset.name = "squares";
  dataset.n = kImages;
  dataset.shape = {1, kSide, kSide};
  dataset.values = std::move(pixels);
  return dataset;
}

TrainOptions options_of(const Contender& backend) {
  TrainOptions options;
  options.batch_size = 128;
  options.steps = 60;
  options.backend = backend.backend;
  options.threads = backend.threads;
  options.intraop_threads = backend.intraop_threads;
  options.sample_every = 0;
  options.checkpoint_every = options.iterations;
  options.resolve(/*is_image=*/true, options.table());
  return options;
}

/// A training run that goes on by turns.
class Run : public training::TrainObserver {
 public:
  /// @param dataset  kept by the caller
  Run(const Contender& backend, const data::Dataset& dataset, const std::filesystem::path& folder)
      : folder_(folder),
        trainer_(options_of(backend), nets::preset("uva", {1, 28, 28}), dataset,
                 {.torch = torch_nets::training_backend(options_of(backend))}),
        loop_(options_of(backend).loop(), folder_, *this, trainer_) {}

  /// The mean seconds of the next n iterations.
  double train(int n) {
    last_ = trainer_.counters().iteration + n;
    stop_ = 0;
    loop_.run(stop_);
    return seconds_ / n;
  }
  /// Of the latest iteration.
  double loss() const { return loss_; }

  void on_start(std::int64_t) override { start_ = Clock::now(); }
  void on_iteration(const training::TrainStats& stats) override {
    loss_ = stats.value("loss");
    if (stats.iteration < last_) return;
    seconds_ = std::chrono::duration<double>(Clock::now() - start_).count();
    stop_ = 1;
  }
  void on_log(const training::TrainStats&) override {}
  void on_samples(std::int64_t, const training::ShownSamples&) override {}
  void on_energies(std::int64_t, std::span<const float>, std::span<const float>) override {}
  void on_warning(const std::string& line) override { throw std::runtime_error(line); }

 private:
  using Clock = std::chrono::steady_clock;

  training::RunFolder folder_;
  std::int64_t last_ = 0;
  std::atomic<int> stop_{0};
  double loss_ = 0.0, seconds_ = 0.0;
  Clock::time_point start_;
  Trainer trainer_;
  training::TrainingLoop loop_;
};

struct Measurement {
  std::string fault;                                                   ///< why nothing was measured
  std::array<std::array<double, kTurns>, kBackends.size()> seconds{};  ///< of an iteration
};

/// All turns of all runs, if the runs agree after their first iteration.
Measurement measure() {
  const std::filesystem::path root =
      std::filesystem::temp_directory_path() / ("training_bench." + std::to_string(::getpid()));
  const data::Dataset dataset = squares();
  Measurement found;
  {
    std::vector<std::unique_ptr<Run>> runs;
    for (const Contender& backend : kBackends) {
      runs.push_back(std::make_unique<Run>(backend, dataset, root / backend.name));
      runs.back()->train(1);
      const double loss = runs.back()->loss(), expected = runs.front()->loss();
      // Not (difference > ...): NaN is wrong too.
      if (!(std::abs(loss - expected) <= 1e-4 * std::abs(expected))) {
        std::array<char, 128> text{};
        std::snprintf(text.data(), text.size(), "%s has the loss %.7g after an iteration, not %.7g",
                      backend.name, loss, expected);
        found.fault = text.data();
      }
    }
    for (int turn = 0; turn < kTurns && found.fault.empty(); ++turn) {
      for (std::size_t i = 0; i < runs.size(); ++i) {
        found.seconds[i][static_cast<std::size_t>(turn)] = runs[i]->train(kTurn);
      }
    }
  }
  std::filesystem::remove_all(root);
  return found;
}

void training_iteration(benchmark::State& state, std::size_t backend, std::size_t& turn) {
  static const Measurement measured = measure();
  if (!measured.fault.empty()) {
    state.SkipWithError(measured.fault.c_str());
    return;
  }
  const double seconds = measured.seconds[backend][turn];
  for ([[maybe_unused]] auto _ : state) state.SetIterationTime(seconds);
  state.counters["times_torch"] = measured.seconds[kTorch][turn] / seconds;
  state.counters["times_torch_intra_op"] = measured.seconds[kTorchIntraOp][turn] / seconds;
  ++turn;
}

const bool kRegistered = [] {
  for (std::size_t i = 0; i < kBackends.size(); ++i) {
    const std::string name = std::string("BM_TrainingIteration/backend:") + kBackends[i].name;
    benchmark::RegisterBenchmark(name.c_str(),
                                 [i, turn = std::size_t{0}](benchmark::State& state) mutable {
                                   training_iteration(state, i, turn);
                                 })
        ->UseManualTime()
        ->Iterations(1)
        ->Repetitions(kTurns)
        ->ReportAggregatesOnly()
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

}  // namespace
}  // namespace ebm
