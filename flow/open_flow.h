#pragma once

#include <string>

#include "data/dataset.h"
#include "flow/residual_flow.h"
#include "models/open_model.h"

namespace ebm::flow {

/// A flow as an energy to sample, E = −ln p at T = 1. It is a models::OpenFlow.
models::EnergyModel open_flow_energy(const nets::ModelFile& file);

/// A flow of a file.
struct OpenedFlow {
  ResidualFlow flow;
  std::string data;    ///< SPEC of what it was trained on; may be empty
  std::string origin;  ///< the file, for messages
};

/// The flow of a run folder, a checkpoint folder or a .safetensors file.
/// @param warn  takes a line on a damaged checkpoint; null: to stderr
/// @throws as models::read_named_model and flow_of()
OpenedFlow open_flow(const std::string& model, const nets::Warn& warn = nullptr);

/// @param spec  of the data set, for the message
/// @throws Error(kShape) naming both shapes unless the flow takes such items.
void require_items_of(const ResidualFlow& flow, const data::Dataset& dataset,
                      const std::string& spec);

}  // namespace ebm::flow
