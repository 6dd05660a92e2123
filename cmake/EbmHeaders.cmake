# Makes the headers that are installed: PREFIX/include/ebm/MODULE/... from the public headers of the
# source tree, in which `#include "MODULE/x.h"` becomes `#include <ebm/MODULE/x.h>`; the umbrella
# header ebm/MODULE.h; and ebm/version.h. It runs when something is installed or documented, so that
# building the library costs nothing.
#
#   cmake -DSETTINGS=FILE -P EbmHeaders.cmake [-DMODULE=module]
#
# FILE is build/ebm-headers.cmake, which EbmInstall.cmake writes: EBM_SOURCE_DIR, EBM_STAGE_DIR
# (the folder for the result), EBM_MODULES, and EBM_INTERNAL_<module>, the patterns of headers that
# are not installed. A public header that includes one of these is an error.

cmake_policy(VERSION 3.25)

# The public headers of a module, relative to its folder.
function(ebm_public_headers module result)
  file(GLOB_RECURSE headers RELATIVE ${EBM_SOURCE_DIR}/${module} ${EBM_SOURCE_DIR}/${module}/*.h)
  set(internal "")
  foreach(pattern ${EBM_INTERNAL_${module}})
    file(GLOB found RELATIVE ${EBM_SOURCE_DIR}/${module} ${EBM_SOURCE_DIR}/${module}/${pattern})
    if(NOT found)
      message(FATAL_ERROR "${module}/CMakeLists.txt: INTERNAL ${pattern} is no header")
    endif()
    list(APPEND internal ${found})
  endforeach()
  if(internal)
    list(REMOVE_ITEM headers ${internal})
  endif()
  list(SORT headers)
  set(${result} ${headers} PARENT_SCOPE)
endfunction()

# Leaves the file alone if it has this text already, so that what includes it is not built again.
function(ebm_write_if_different file text)
  set(before "")
  if(EXISTS ${file})
    file(READ ${file} before)
  endif()
  if(NOT text STREQUAL before)
    file(WRITE ${file} "${text}")
  endif()
endfunction()

function(ebm_stage_headers module)
  ebm_public_headers(${module} headers)
  set(out ${EBM_STAGE_DIR}/ebm)
  string(REPLACE ";" "|" any_module "${EBM_MODULES}")
  set(faults "")
  set(umbrella "#pragma once\n\n// Everything of ebm::${module}, and ebm::base.\n")
  if(NOT module STREQUAL "base")
    string(APPEND umbrella "#include <ebm/base.h>\n")
  endif()
  foreach(header ${headers})
    file(READ ${EBM_SOURCE_DIR}/${module}/${header} text)
    string(REGEX MATCHALL "#include \"[^\"\n]+\"" includes "${text}")
    foreach(include ${includes})
      string(REGEX MATCH "\"([^/\"]+)/(.+)\"" unused "${include}")
      set(target_module ${CMAKE_MATCH_1})
      set(target ${CMAKE_MATCH_2})
      if(NOT DEFINED public_of_${target_module})
        ebm_public_headers(${target_module} public_of_${target_module})
      endif()
      if(NOT target IN_LIST public_of_${target_module})
        string(APPEND faults "\n  ${module}/${header} includes ${target_module}/${target}")
      endif()
    endforeach()
    string(REGEX REPLACE "#include \"((${any_module})/[^\"\n]+)\"" "#include <ebm/\\1>"
           text "${text}")
    ebm_write_if_different(${out}/${module}/${header} "${text}")
    if(NOT header MATCHES "-inl\\.h$")
      string(APPEND umbrella "#include <ebm/${module}/${header}>\n")
    endif()
  endforeach()
  if(faults)
    message(FATAL_ERROR "public headers include headers that are not installed:${faults}")
  endif()
  ebm_write_if_different(${out}/${module}.h "${umbrella}")
  # Those of headers that are gone.
  file(GLOB_RECURSE staged RELATIVE ${out}/${module} ${out}/${module}/*.h)
  if(headers)
    list(REMOVE_ITEM staged ${headers})
  endif()
  foreach(header ${staged})
    file(REMOVE ${out}/${module}/${header})
  endforeach()
endfunction()

include(${SETTINGS})
if(MODULE)
  ebm_stage_headers(${MODULE})
else()
  foreach(module ${EBM_MODULES})
    ebm_stage_headers(${module})
  endforeach()
endif()
