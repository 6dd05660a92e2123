#include "ebm/chain_negatives.h"

#include <cmath>
#include <functional>
#include <span>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/number_text.h"
#include "base/system/memory_limit.h"
#include "nets/files/safetensors.h"
#include "replay/replay_buffer.h"
#include "samplers/initial_states.h"

namespace ebm {
namespace {

constexpr const char* kReplayFile = "replay.safetensors";
constexpr std::uint64_t kBufferStreams = std::uint64_t{1} << 62;

base::FilePieces replay_file(const replay::ReplayBuffer& buffer) {
  const replay::ReplayState& state = buffer.state();
  const auto& options = buffer.options();
  const std::int64_t counters[] = {state.size, state.cursor, state.n_stored};
  const auto bytes_of = [](const auto& values) { return std::as_bytes(std::span(values)); };
  using nets::DType;
  nets::TensorViews tensors;
  tensors["items"] = {options.storage == replay::Storage::kFloat32 ? DType::kF32 : DType::kU8,
                      {options.capacity, options.item_size},
                      state.items};
  tensors["ages"] = {DType::kI64, {options.capacity}, bytes_of(state.ages)};
  tensors["context"] = {
      DType::kF32, {options.capacity, options.context_dim}, bytes_of(state.context)};
  tensors["counters"] = {DType::kI64, {3}, bytes_of(counters)};
  return nets::safetensors_pieces(tensors, {});
}

replay::ReplayState replay_state(const nets::SafetensorsFile& file) {
  replay::ReplayState state;
  state.items = file.tensor("items").bytes;
  const auto ages = file.tensor("ages").as_int64s();
  state.ages.assign(ages.begin(), ages.end());
  const auto context = file.tensor("context").as_floats();
  state.context.assign(context.begin(), context.end());
  const auto counters = file.tensor("counters").as_int64s();
  if (counters.size() != 3) throw Error(ErrorCode::kBadData, "its counters are not three");
  state.size = counters[0];
  state.cursor = counters[1];
  state.n_stored = counters[2];
  return state;
}

class ChainNegatives : public Negatives {
 public:
  ChainNegatives(const TrainOptions& options, const NegativeSetting& setting)
      : options_(options),
        dynamics_(setting.dynamics),
        keeps_before_last_(setting.needs.before_last),
        dim_(setting.dim),
        image_(setting.image),
        classes_(setting.classes) {
    start_afresh();
  }

  void draw(const EvaluatedNet& net, const training::RunCounters& at, Batch& batch) override {
    std::vector<float>& chains = batch.negatives;
    std::vector<float>& context = batch.negative_context;
    chains.resize(batch.positives.size());
    context.resize(batch.positive_context.size());
    std::optional<replay::Draw> drawn;
    if (buffer_) {
      drawn = buffer_->draw(at.iteration, at.generation(), chains, context);
      if (options_.augment.is_on()) {
        replay::augment(options_.augment, *image_, *dynamics_.langevin.box,
                        key(base::Domain::kReplayRead, at), at.iteration, drawn->ages, chains);
      }
    } else {
      const auto first = static_cast<std::uint64_t>(at.iteration * options_.batch_size);
      samplers::draw_initial_states(key(base::Domain::kChainInit, at), first, dim_,
                                    dynamics_.langevin.box, chains);
      if (classes_) classes_->draw_all(first, at.generation(), context);
    }
    samplers::ChainDriver& driver = net.chain_driver();
    // Row i is chain i of every iteration; the steps are numbered through the whole run.
    samplers::Advance steps{.n_steps = options_.steps,
                            .first_step = static_cast<std::uint64_t>(at.iteration * options_.steps),
                            .key = key(base::Domain::kChainNoise, at),
                            .context = context};
    if (keeps_before_last_) {
      --steps.n_steps;
      driver.advance(chains, steps);
      batch.before_last = chains;
      steps.first_step += static_cast<std::uint64_t>(steps.n_steps);
      steps.n_steps = 1;
    }
    driver.advance(chains, steps);
    if (!drawn) return;
    buffer_->store(at.iteration, at.generation(), *drawn, options_.steps, chains, context);
  }

  void add_to(nets::UnwrittenFiles& files) const override {
    if (buffer_) files.emplace(kReplayFile, replay_file(*buffer_));
  }
  void restore(const nets::CheckpointFiles& files, const std::string& origin) override {
    if (!buffer_) return;
    const std::string name = origin + "/" + kReplayFile;
    replay::ReplayState state =
        replay_state(nets::parse_safetensors(nets::file_of(files, kReplayFile, origin), name));
    for (const float label : state.context) {
      if (!classes_) break;  // of another size, which the buffer refuses
      if (label == std::floor(label) && label >= 0.0f && label <= classes_->none()) continue;
      throw Error(ErrorCode::kBadData, name + ": context " + base::number_text(double{label}) +
                                           ", expected a label of 0 to " +
                                           std::to_string(classes_->classes()));
    }
    buffer_->restore(std::move(state));
  }
  void start_afresh() override {
    if (!options_.persistent) return;
    replay::ReplayOptions buffer = options_.replay(dim_, dynamics_.langevin.box.has_value());
    if (classes_) {
      buffer.context_dim = 1;
      buffer.new_context = [classes = classes_](std::uint64_t stream, std::uint32_t generation,
                                                std::span<float> context) {
        context[0] = classes->draw(stream, generation);
      };
    }
    buffer_.emplace(std::move(buffer));
  }

  std::function<void()> remember() override {
    if (!buffer_) return [] {};
    return [this, n_stored = buffer_->state().n_stored] {
      if (buffer_->state().n_stored != n_stored) buffer_->undo_store();
    };
  }

  double mean_age() const override { return buffer_ ? buffer_->mean_age() : 0.0; }
  std::vector<std::optional<double>> mean_ages_of_classes() const override {
    if (!buffer_ || !classes_) return {};
    const auto n = static_cast<std::size_t>(classes_->classes() + 1);
    std::vector<std::int64_t> sums(n), counts(n);
    const replay::ReplayState& held = buffer_->state();
    for (std::size_t slot = 0; slot < static_cast<std::size_t>(held.size); ++slot) {
      const auto label = static_cast<std::size_t>(held.context[slot]);
      sums[label] += held.ages[slot];
      ++counts[label];
    }
    std::vector<std::optional<double>> means(n);
    for (std::size_t label = 0; label < n; ++label) {
      if (counts[label] == 0) continue;
      means[label] = static_cast<double>(sums[label]) / static_cast<double>(counts[label]);
    }
    return means;
  }
  std::optional<std::vector<float>> kept_chains(std::int64_t n,
                                                const training::RunCounters& at) const override {
    if (!buffer_ || buffer_->state().size < n) return std::nullopt;
    std::vector<float> chains(static_cast<std::size_t>(n * dim_));
    buffer_->read_random(key(base::Domain::kEvaluation, at),
                         kBufferStreams + static_cast<std::uint64_t>(at.iteration), chains);
    return chains;
  }
  void show(const Batch& batch, std::int64_t iteration,
            training::TrainObserver& observer) const override {
    observer.on_samples(iteration, {.from = "buffer", .rows = batch.negatives});
  }
  training::Learner::Work work() const override {
    return {"chain_steps_per_s", static_cast<double>(options_.batch_size * options_.steps)};
  }

 private:
  base::RandomKey key(base::Domain domain, const training::RunCounters& at) const {
    return {static_cast<std::uint64_t>(options_.seed), domain, at.generation()};
  }

  TrainOptions options_;
  ChainDynamics dynamics_;
  bool keeps_before_last_;
  std::int64_t dim_;
  std::optional<samplers::ImageShape> image_;
  std::optional<ClassConditions> classes_;
  std::optional<replay::ReplayBuffer> buffer_;
};

}  // namespace

std::unique_ptr<Negatives> chain_negatives(const TrainOptions& options,
                                           const NegativeSetting& setting) {
  options.augment.require_fitting(setting.image);
  if (options.persistent) {
    const double width = options.buffer_storage == replay::Storage::kUint8 ? 1.0 : 4.0;
    // A chain and its age; a checkpoint is read into a copy.
    base::require_memory({.option = "buffer_capacity",
                          .value = options.buffer_capacity,
                          .what = "chains of " + std::to_string(setting.dim) + " values",
                          .each = 2.0 * (width * static_cast<double>(setting.dim) + 8.0)});
  }
  return std::make_unique<ChainNegatives>(options, setting);
}

}  // namespace ebm
