#pragma once

#include "app/inspect/modes_options.h"
#include "app/target/open_target.h"

namespace ebm::app {

/// `ebm modes MODEL|--energy toy:NAME`: runs chains, maps the energy, prints and writes.
void run_modes_of_energy(ModesOfEnergy command, const Backends& backends);

}  // namespace ebm::app
