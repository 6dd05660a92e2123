#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/open_model.h"

namespace ebm::models {

/// What chains of a conditional model are given.
struct Condition {
  std::string klass = {};                      ///< label, name, none, or empty: not given
  std::optional<double> level = std::nullopt;  ///< of noise, σ > 0
};

/// The label of a class. A number is a label, also where classes have numbers as names; all else is
/// a name, or "none", which is the label after the last class.
/// @throws Error(kUsage) for a model without classes, for a class that it does not have, with the
///         nearest name, and for none where it means nothing (EnergyModel::knows_none)
float label_of(const EnergyModel& model, const std::string& klass);

/// The name of a label for people: the class's, or the number; "none".
std::string class_text(const EnergyModel& model, float label);

/// The context of one chain, [context_dim]: the label (of none, if no class is given), the level,
/// or both.
/// The level is the lowest of the model's recipe if it is not given and the recipe goes through
/// levels.
/// @throws what label_of() throws; Error(kUsage) for a class or a level that the model does not
///         read, for a level that is not given or not positive
std::vector<float> context_of(const EnergyModel& model, const Condition& condition);

/// The labels of a list of classes: "3", "0,1,2", "Sandal,none", or "all", which is every class in
/// order and not none. A text that is the name of one class is that class.
/// @throws what label_of() throws; Error(kUsage) for an empty entry, and for a class given twice
std::vector<float> labels_of(const EnergyModel& model, const std::string& classes);

/// The contexts of n_each chains for each label in order, [labels.size()·n_each, context_dim].
/// A level of noise beside the label is the lowest of the model's recipe.
/// @throws Error(kUsage) for a model that reads a level of noise and whose recipe says none
std::vector<float> contexts_of(const EnergyModel& model, const std::vector<float>& labels,
                               std::int64_t n_each);

/// E(x, none) + w·(E(x, y) − E(x, none)) for the labels y that chains are given
/// (samplers/energies/guided_energy.h). If the guidance is timed, the time stands behind what else
/// the model reads, and the model's sampler sets it.
/// @throws Error(kUsage) for a model without classes, a guidance that is not valid, w other than 1
///         where none means nothing, and times where samples are not drawn by a flow
EnergyModel guided(EnergyModel model, const samplers::Guidance& guidance);

/// The model at one condition: its energies have no context. A model that reads no condition comes
/// back as it is. If a class is given, its data become those of the class where a SPEC can say so,
/// and the replay buffer of its checkpoint, whose chains have other classes, is dropped.
/// If a level is given, the samples of the model are those of its energy at that level.
/// @throws what context_of() throws
EnergyModel bind_condition(EnergyModel model, const Condition& condition);

/// The model at a level of noise, with its class left open: that of the lowest level of its recipe
/// if none is given. A model that reads no level comes back as it is.
/// @throws what context_of() throws of a level
EnergyModel bind_level(EnergyModel model, std::optional<double> level);

/// The model as its samples are drawn: where its recipe goes through levels of noise, E(x, σ) with
/// the settings of the recipe; else, or with another sampler, as it is.
/// @param sampler  instead of the recipe's, if any
/// @throws Error(kUsage) for a sampler that goes through levels, and a model that has none
EnergyModel as_sampled(EnergyModel model, std::optional<samplers::SamplerKind> sampler = {});

}  // namespace ebm::models
