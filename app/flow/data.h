#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/target/open_target.h"
#include "data/dataset.h"
#include "flow/residual_flow.h"

namespace ebm::app {

/// A flow as an energy to sample, E = −ln p at T = 1.
Target open_flow_target(const nets::ModelFile& file);

/// What MODEL means, for --help.
inline constexpr const char* kFlowModelHelp =
    "run folder, checkpoint folder or .safetensors file of ebm flow train";

/// The model of a command of flows; what is wrong with older checkpoints goes to stderr.
flow::ResidualFlow open_flow(const std::string& model);

/// @param spec  of the data set, for the message
/// @throws Error(kShape) naming both shapes unless the flow takes such items.
void require_items_of(const flow::ResidualFlow& flow, const data::Dataset& dataset,
                      const std::string& spec);

/// A data set that the flow takes. @throws Error(kShape) naming both shapes.
data::Dataset load_flow_data(const std::string& spec, const flow::ResidualFlow& flow);

/// Its first n items as the flow learnt them: grey levels spread over their bins.
std::vector<float> dequantized_rows(const data::Dataset& dataset, std::int64_t n,
                                    std::uint64_t seed);

}  // namespace ebm::app
