#include "report/page/mode_map.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_modes_json(std::string_view bytes) { report::parse_mode_map(bytes, "modes.json"); }

}  // namespace ebm::fuzz
