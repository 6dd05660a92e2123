# ebm_embed(TARGET FUNCTION FILE HEADER) compiles a text file into a target, where
# `ebm::report::EmbeddedFile FUNCTION()`, declared in HEADER, gives its content and its SHA-256. This
# file is also the script that writes the source, whenever the text has changed.
if(CMAKE_SCRIPT_MODE_FILE)
  file(READ "${FILE}" text)
  # A page on its own has no such map, and a browser would ask for it.
  string(REGEX REPLACE "(//|/\\*)# sourceMappingURL=[^\n]*" "" text "${text}")
  string(SHA256 hash "${text}")
  file(WRITE "${OUT}"
"// Made from ${FILE}.
#include \"${HEADER}\"

namespace ebm::report {
namespace {
constexpr char kText[] = R\"ebm_text(${text})ebm_text\";
}  // namespace

EmbeddedFile ${FUNCTION}() { return {{kText, sizeof kText - 1}, \"${hash}\"}; }

}  // namespace ebm::report
")
  return()
endif()

set(EBM_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
function(ebm_embed target function file header)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded_${function}.cc)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DFILE=${file} -DOUT=${out} -DFUNCTION=${function} -DHEADER=${header}
            -P ${EBM_EMBED_SCRIPT}
    DEPENDS ${file} ${EBM_EMBED_SCRIPT}
    VERBATIM)
  # All have a constant of the same name.
  set_source_files_properties(${out} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(${target} PRIVATE ${out})
endfunction()
