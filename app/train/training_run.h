#pragma once

#include "app/train/train_args.h"
#include "training/runs/prepared_run.h"
#include "training/training_session.h"

namespace ebm::app {

/// Trains in the run folder, showing how it goes, until an end or a signal; prints what was made.
/// @return the exit code
/// @throws what training::train() throws
int run_training(const TrainArgs& args, const training::TrainingSession& session);

}  // namespace ebm::app
