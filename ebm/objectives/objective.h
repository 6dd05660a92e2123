#pragma once

#include <cstdint>
#include <vector>

#include "ebm/evaluated_net.h"
#include "nets/files/sampler_recipe.h"
#include "training/train_observer.h"

namespace ebm {

/// Where the negatives x⁻ of an objective come from.
enum class NegativeSource {
  kChains,    ///< samples of the model: chains of Langevin dynamics
  kNoise,     ///< draws of an NCE noise distribution, with ln p_n of the data and of the draws
  kFlow,      ///< samples of the model by the steps of its recipe, anew in each iteration
  kRecovery,  ///< of each positive: chains from what more noise made of it, and given that
  kNone,      ///< there are none: a function of the data alone, as score matching
};

/// What an objective needs from the trainer. An input of another kind is one more member here, and
/// one of Batch.
struct Needs {
  NegativeSource negatives = NegativeSource::kChains;
  bool before_last = false;    ///< of chains: Batch::before_last
  bool noise_weights = false;  ///< of noise that learns: ObjectiveStep::noise_weights
  std::int64_t normals = 0;    ///< rows of N(0, I) for each positive: Batch::normals
  std::int64_t uniforms = 0;   ///< uniform numbers for each positive: Batch::uniforms
  std::int64_t rows = 1;       ///< that an iteration evaluates for each positive, about
  /// A network that reads a noise level, which the objective sets in the contexts that it makes.
  bool noise_level = false;
};

/// The inputs of one step. What the objective does not need is empty.
struct Batch {
  std::vector<float> positives = {};    ///< data x⁺ [B, dim]
  std::vector<float> negatives = {};    ///< x⁻ [B, dim]
  std::vector<float> before_last = {};  ///< the chains before their last step, x_{K−1} [B, dim]
  std::vector<float> log_noise = {};    ///< ln p_n of the positives, then of the negatives [2·B]
  /// Conditions of the positives and of the negatives [B, context_dim]; empty for a network
  /// without.
  std::vector<float> positive_context = {}, negative_context = {};
  /// Classes of the positives [B], before labels were dropped; empty for a network without classes.
  std::vector<std::int32_t> labels = {};
  /// Draws from N(0, I), row b·k + i being the i-th of k for positive b [B·k, dim]: a function of
  /// the seed, the generation and the position in training order alone.
  std::vector<float> normals = {};
  /// Uniform on [0, 1), k for each positive [B, k], likewise.
  std::vector<float> uniforms = {};
  /// Whether the step's figures are recorded: what only they need may be left out otherwise.
  bool is_recorded = true;

  nets::Rows positive_rows() const { return {positives, positive_context}; }
  nets::Rows negative_rows() const { return {negatives, negative_context}; }
};

/// One estimate of an objective and of its gradient.
struct ObjectiveStep {
  double energy_data = 0.0;     ///< mean E(x⁺)
  double energy_samples = 0.0;  ///< mean E(x⁻), 0 without negatives
  double loss = 0.0;
  /// What the divergence guard bounds: mean E(x⁺) − mean E(x⁻) where training keeps these close,
  /// else 0.
  double guarded_gap = 0.0;
  bool has_samples = true;  ///< whether there were negatives, where the objective may have some
  std::vector<std::vector<float>> gradient = {};  ///< like TrainedNet::trainable()
  std::vector<float> energies = {};       ///< E(x⁺) [B], then E(x⁻) [B] if there are any
  std::vector<float> noise_weights = {};  ///< c_b of NoiseDistribution::ascend() [2·B], if needed
  std::vector<training::Figure> figures = {};  ///< the objective's own: Objective::own_columns()
};

/// What an energy is trained by. The trainer knows objectives through this interface alone. Each is
/// a file of this folder and a row of objective_table.cc.
class Objective {
 public:
  virtual ~Objective() = default;
  virtual Needs needs() const = 0;
  /// @throws Error(kUsage) for a network that it cannot train.
  virtual void require_fitting(const nets::Architecture& /*net*/) const {}
  /// Sets initial weights, before the first iteration: `net` is evaluated with `weights` as they
  /// are. The batch holds the first positives, and with noise their ln p_n [B]; no negatives.
  virtual void initialise(const Batch& /*batch*/, const EvaluatedNet& /*net*/,
                          training::TrainedNet& /*weights*/) const {}
  /// How samples are drawn from the model while it is trained and, as its file says so, afterwards.
  /// @param langevin  Langevin dynamics by the options, from which an objective may differ
  virtual nets::SamplerRecipe recipe(nets::SamplerRecipe langevin) const { return langevin; }
  virtual ObjectiveStep step(const EvaluatedNet& net, const Batch& batch) const = 0;
  /// Names of ObjectiveStep::figures, in this order for every step: columns of metrics.csv that
  /// this objective has beside those of all.
  virtual std::vector<const char*> own_columns() const { return {}; }
  /// The columns of all objectives, those of the negatives if it has any, then its own. Before the
  /// first step its own are without values.
  std::vector<training::Figure> figures(const ObjectiveStep& step) const;
};

}  // namespace ebm
