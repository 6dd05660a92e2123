#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "evaluation/precise_energies.h"
#include "evaluation/progress.h"
#include "evaluation/restoration/baselines.h"
#include "evaluation/restoration/restoration_starts.h"
#include "evaluation/restoration/restore.h"
#include "evaluation/sampling/sampler_overrides.h"
#include "models/open_model.h"

namespace ebm::evaluation {

/// What is to be restored, and how, by the names of the options of `ebm restore`.
struct RestorationRequest {
  std::string operator_text;
  double noise_sd = 0.0, strength = 1.0;
  std::int64_t n = 8;                 ///< samples of each image
  std::optional<std::int64_t> steps;  ///< the model's own
  std::int64_t burn_in = 0;
  bool adapt = false;
  std::string init = "observation";
  SamplerOverrides sampler = {};
  bool has_baselines = false;  ///< whether all are made, also those that no chain starts at
  std::int64_t seed = 0;
  int n_threads = 1;
  CoarseEnergies coarse = {};
  OnProgress on_progress = nullptr;
  std::function<void(const std::string&)> on_warning = {};  ///< on steps that are too long

  /// Observations y [n_images, A.output_dim()], called once when all options are checked.
  std::function<std::vector<float>(const ObservationOperator& observed)> read_observations;
  /// Training images, called where baselines are made.
  std::function<data::Dataset()> read_training_images;

  /// @throws Error(kUsage) for an unknown init
  RestorationStart start() const;
};

/// Images that were restored, and how.
struct RestoredImages {
  ObservationOperator observed;
  RestorationOptions options;
  samplers::SamplerSettings settings;  ///< as they were after adaptation
  Restoration restored;
  std::vector<Reconstruction> others;  ///< baselines, and what the samples are compared with
};

/// @param name  of the model, for messages
/// @throws Error(kUsage) for a negative seed and a model of points
void require_restorable(const models::EnergyModel& model, const std::string& name,
                        const RestorationRequest& request);

/// Draws images from the posterior of a model and what was observed of them.
/// @param model  gets float32 where bfloat16 is too coarse
/// @throws what require_restorable() throws; Error(kUsage) naming an option, before anything is
///         read; Error(kShape) for training
///         images of another shape; what the readers, make_baselines() and restore() throw
RestoredImages restoration_of_model(models::EnergyModel& model, const std::string& name,
                                    const RestorationRequest& request);

}  // namespace ebm::evaluation
