#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evaluation/evaluate.h"
#include "nets/architecture/precision.h"

namespace ebm::evaluation {

/// A model and how it was sampled.
struct EvaluatedModel {
  std::string name;  ///< as on the command line
  std::string file;  ///< of the weights
  std::int64_t steps = 0;
  double step_size = 0.0, noise_scale = 0.0, temperature = 0.0;
  std::optional<nets::Precision> precision = {};  ///< of a compiled network
  std::vector<models::ModelTerm> terms = {};      ///< of an expression of models
};

/// Everything that `ebm eval` prints.
struct EvalReport {
  std::optional<EvaluatedModel> model;  ///< nothing for samples from elsewhere
  Evaluation evaluation;
  std::uint64_t seed = 0;
  double seconds = 0.0;
  std::string film_file = {};  ///< name of the film's picture, in the folder of the document
};

}  // namespace ebm::evaluation
