# cmake -DBUILD=... -DCONFIG=... -DSCRATCH=... -DGENERATOR=... -DCXX=... [-DTORCH=...] -P run.cmake
# Installs BUILD below SCRATCH, then configures, builds and runs project/ against it. TORCH is the
# folder of the TorchConfig.cmake that BUILD was made with, empty if with none.
cmake_minimum_required(VERSION 3.25)
set(prefix ${SCRATCH}/prefix)
set(project ${CMAKE_CURRENT_LIST_DIR}/project)
file(REMOVE_RECURSE ${SCRATCH})

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output
                  ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    string(REPLACE ";" " " command "${ARGN}")
    message(FATAL_ERROR "failed (${result}): ${command}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(build part)
  run(${CMAKE_COMMAND} -S ${project} -B ${SCRATCH}/${part} -G ${GENERATOR} -DPART=${part}
      -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_PREFIX_PATH=${prefix} ${ARGN})
  file(STRINGS ${SCRATCH}/${part}/CMakeCache.txt found REGEX "^ebm_DIR:PATH=${prefix}/")
  if(NOT found)
    message(FATAL_ERROR "another ebm than the one just installed was found")
  endif()
  run(${CMAKE_COMMAND} --build ${SCRATCH}/${part})
endfunction()

function(build_without_torch part)
  build(${part} ${ARGN})
  file(STRINGS ${SCRATCH}/${part}/CMakeCache.txt torch REGEX "^[^:]*([Tt]orch|TORCH|Caffe2)[^:]*:")
  if(torch)
    message(FATAL_ERROR "LibTorch was looked for: ${torch}")
  endif()
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD} --config ${CONFIG} --prefix ${prefix})
foreach(file share/doc/ebm/LICENSE include/ebm/samplers/energy.h)
  if(NOT EXISTS ${prefix}/${file})
    message(FATAL_ERROR "${file} was not installed")
  endif()
endforeach()

# The programs of a document: blocks of C++ whose first line is `// NAME.cc`.
function(extract_program document name)
  file(READ ${document} text)
  set(begin "```cpp\n// ${name}.cc\n")
  string(FIND "${text}" "${begin}" at)
  if(at LESS 0)
    message(FATAL_ERROR "${document}: no program ${name}.cc")
  endif()
  string(LENGTH "```cpp\n" length)
  math(EXPR at "${at} + ${length}")
  string(SUBSTRING "${text}" ${at} -1 text)
  string(FIND "${text}" "\n```\n" end)
  math(EXPR end "${end} + 1")
  string(SUBSTRING "${text}" 0 ${end} text)
  file(WRITE ${SCRATCH}/programs/${name}.cc "${text}")
endfunction()

# Runs a program of the sampler's project that prints `name = number, exactly ...`.
function(check_number program name least most)
  run(${SCRATCH}/sampler/${program})
  message(STATUS "${program}: ${output}")
  string(FIND "${output}" "${name} = " at)
  if(NOT at EQUAL 0)
    message(FATAL_ERROR "${program}: expected ${name}, found ${output}")
  endif()
  string(REGEX MATCH "= ([0-9.]+)," number "${output}")
  set(number "${CMAKE_MATCH_1}")
  if(NOT (number GREATER least AND number LESS most))
    message(FATAL_ERROR "${program}: ${name} = ${number}: must be from ${least} to ${most}")
  endif()
endfunction()

set(documents ${CMAKE_CURRENT_LIST_DIR}/../../docs)
extract_program(${documents}/custom-energy.md gaussian)
extract_program(${documents}/custom-energy.md wells)
build_without_torch(sampler -DCMAKE_BUILD_TYPE=Release -DPROGRAMS=${SCRATCH}/programs)
run(${SCRATCH}/sampler/sampler)
message(STATUS "sampler: ${output}")
# Five standard errors of 16000 independent values: sd(x1²) = √2/4 and sd(x²) = 0.501.
check_number(gaussian "E[x1^2]" 0.236 0.264)
check_number(wells "E[x^2]" 0.832 0.872)

build_without_torch(rooms_without_torch)

if(TORCH)
  # As users name it, since TorchConfig.cmake looks for Caffe2Config.cmake on this path too.
  set(ENV{CMAKE_PREFIX_PATH} ${TORCH}/..)
  # Not optimised: nearly all of its time goes into LibTorch's headers.
  build(torch)
  file(STRINGS ${SCRATCH}/torch/CMakeCache.txt found REGEX "^Torch_DIR:PATH=${TORCH}$")
  if(NOT found)
    message(FATAL_ERROR "another LibTorch than the one ebm was built with was found")
  endif()
  run(${SCRATCH}/torch/trainer)
  message(STATUS "trainer: ${output}")
endif()

# A component that does not exist is refused by name.
file(MAKE_DIRECTORY ${SCRATCH}/missing)
file(WRITE ${SCRATCH}/missing/CMakeLists.txt
     "cmake_minimum_required(VERSION 3.25)\nproject(missing LANGUAGES CXX)\n"
     "find_package(ebm REQUIRED COMPONENTS samplers no_such_room)\n")
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SCRATCH}/missing -B ${SCRATCH}/missing/build
                        -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_PREFIX_PATH=${prefix}
                RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(result EQUAL 0 OR NOT output MATCHES "no component[ \n]+'no_such_room'")
  message(FATAL_ERROR "a missing component was not refused by name (${result}):\n${output}")
endif()
file(REMOVE_RECURSE ${SCRATCH})
