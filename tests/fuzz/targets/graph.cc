#include "landscape/graph_file.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_graph(std::string_view bytes) { landscape::parse_graph(bytes, "graph.net"); }

}  // namespace ebm::fuzz
