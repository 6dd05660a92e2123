#include "ebm/negatives.h"

#include <utility>

#include "base/error.h"
#include "ebm/chain_negatives.h"
#include "ebm/flow_negatives.h"
#include "ebm/noise_negatives.h"
#include "ebm/recovery_negatives.h"
#include "ebm/train_options.h"

namespace ebm {
namespace {

/// Of an objective of the data alone.
class NoNegatives : public Negatives {
 public:
  explicit NoNegatives(std::int64_t batch_size) : batch_size_(batch_size) {}
  void draw(const EvaluatedNet& /*net*/, const training::RunCounters& /*at*/,
            Batch& /*batch*/) override {}
  void add_to(nets::UnwrittenFiles& /*files*/) const override {}
  void restore(const nets::CheckpointFiles& /*files*/, const std::string& /*origin*/) override {}
  void start_afresh() override {}
  training::Learner::Work work() const override {
    return {"images_per_s", static_cast<double>(batch_size_)};
  }

 private:
  std::int64_t batch_size_;
};

}  // namespace

std::function<void()> Negatives::remember() {
  nets::UnwrittenFiles files;
  add_to(files);
  return [this, files = nets::copied(files)] { restore(files, "the iteration before"); };
}

std::optional<samplers::ImageShape> image_shape(const data::Dataset& dataset) {
  if (!dataset.is_image) return std::nullopt;
  return samplers::ImageShape{dataset.shape.channels, dataset.shape.height, dataset.shape.width};
}

std::unique_ptr<Negatives> make_negatives(const TrainOptions& options,
                                          const NegativeSetting& setting, NoiseReference noise) {
  switch (setting.needs.negatives) {
    case NegativeSource::kChains:
      return chain_negatives(options, setting);
    case NegativeSource::kNoise:
      if (!noise) throw Error(ErrorCode::kUsage, "noise: the objective needs a distribution");
      return noise_negatives(options, setting, *noise);
    case NegativeSource::kFlow:
      return flow_negatives(options);
    case NegativeSource::kRecovery:
      return recovery_negatives(options);
    case NegativeSource::kNone:
      return std::make_unique<NoNegatives>(options.batch_size);
  }
  throw Error(ErrorCode::kInternal, "an objective has an unknown source of negatives");
}

}  // namespace ebm
