# cmake -DBUILD=... -DCONFIG=... -DSCRATCH=... -DGENERATOR=... -DCXX=... [-DTORCH=...] -P run.cmake
# Installs BUILD below SCRATCH, moves the installation, and uses it from there: the programs, and
# project/ and examples/ built against it. TORCH is the folder of the TorchConfig.cmake that BUILD
# was made with, empty if with none.
cmake_minimum_required(VERSION 3.25)
set(prefix ${SCRATCH}/prefix)
set(project ${CMAKE_CURRENT_LIST_DIR}/project)
set(root ${CMAKE_CURRENT_LIST_DIR}/../..)
file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH})

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output
                  ERROR_VARIABLE output WORKING_DIRECTORY ${SCRATCH})
  if(NOT result EQUAL 0)
    string(REPLACE ";" " " command "${ARGN}")
    message(FATAL_ERROR "failed (${result}): ${command}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(build source part)
  run(${CMAKE_COMMAND} -S ${source} -B ${SCRATCH}/${part} -G ${GENERATOR} -DPART=${part}
      -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_PREFIX_PATH=${prefix} ${ARGN})
  file(STRINGS ${SCRATCH}/${part}/CMakeCache.txt found REGEX "^ebm_DIR:PATH=${prefix}/")
  if(NOT found)
    message(FATAL_ERROR "another ebm than the one just installed was found")
  endif()
  run(${CMAKE_COMMAND} --build ${SCRATCH}/${part})
endfunction()

function(build_without_torch source part)
  build(${source} ${part} ${ARGN})
  file(STRINGS ${SCRATCH}/${part}/CMakeCache.txt torch REGEX "^[^:]*([Tt]orch|TORCH|Caffe2)[^:]*:")
  if(torch)
    message(FATAL_ERROR "LibTorch was looked for: ${torch}")
  endif()
endfunction()

# Runs a program that prints `name = number, exactly ...` among other things.
function(check_number program name min max)
  run(${program} ${ARGN})
  message(STATUS "${output}")
  string(FIND "${output}" "${name} = " at)
  if(at LESS 0)
    message(FATAL_ERROR "${program}: expected ${name}, found ${output}")
  endif()
  string(SUBSTRING "${output}" ${at} -1 rest)
  string(REGEX MATCH "= (-?[0-9.]+)" number "${rest}")
  set(number "${CMAKE_MATCH_1}")
  if(NOT (number GREATER min AND number LESS max))
    message(FATAL_ERROR "${program}: ${name} = ${number}: must be from ${min} to ${max}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

# ---- The installation, moved to another place before it is used.
run(${CMAKE_COMMAND} --install ${BUILD} --config ${CONFIG} --prefix ${SCRATCH}/before)
file(RENAME ${SCRATCH}/before ${prefix})
file(GLOB include RELATIVE ${prefix}/include ${prefix}/include/*)
if(NOT include STREQUAL "ebm")
  message(FATAL_ERROR "PREFIX/include must hold ebm alone, and holds ${include}")
endif()
foreach(file share/doc/ebm/LICENSE include/ebm/samplers.h include/ebm/samplers/energy.h
             include/ebm/version.h share/ebm/models/fashion-mnist.safetensors)
  if(NOT EXISTS ${prefix}/${file})
    message(FATAL_ERROR "${file} was not installed")
  endif()
endforeach()
foreach(file include/ebm/samplers/block_groups.h include/ebm/samplers/kernels/hamiltonian-inl.h)
  if(EXISTS ${prefix}/${file})
    message(FATAL_ERROR "${file} is internal, and was installed")
  endif()
endforeach()

# ---- The programs: models, recipes and ebm-torch are found from the program.
run(${prefix}/bin/ebm sample fashion-mnist --n 16 --steps 4 --seed 1 --out program.npy)
run(${prefix}/bin/ebm train quick --data toy:8gaussians --net mlp --set eval_budget=0
    --iterations 2 --threads 1 --out run)
if(TORCH)
  run(${prefix}/bin/ebm flow train --data toy:8gaussians --iterations 2 --threads 1 --out flow)
endif()

# ---- The programs of a document: blocks of C++ whose first line is `// NAME.cc`.
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

extract_program(${root}/docs/custom-energy.md gaussian)
extract_program(${root}/docs/custom-energy.md wells)
build_without_torch(${project} documents -DCMAKE_BUILD_TYPE=Release -DPROGRAMS=${SCRATCH}/programs)
# Five standard errors of 16000 independent values: sd(x1²) = √2/4 and sd(x²) = 0.501.
check_number(documents/gaussian "E[x1^2]" 0.236 0.264)
check_number(documents/wells "E[x^2]" 0.832 0.872)

# ---- The examples.
build_without_torch(${root}/examples examples -DCMAKE_BUILD_TYPE=Release)
check_number(examples/own_energy "E[x1^2]" 0.236 0.264)
# Five standard errors of 32000 independent values: sd(x²) = 5.88.
check_number(examples/lanes_energy "E[x^2]" 3.125 3.455)
# Five standard errors of 3800 effective draws: sd(mu) = 5.6.
check_number(examples/nuts_diagnostics "E[mu]" 5.2 6.3)
run(examples/shipped_model library.npy 4)
run(${CMAKE_COMMAND} -E compare_files program.npy library.npy)
run(${prefix}/bin/ebm sample --energy toy:gaussian,sd=0.5 --sampler mala --steps 200 --n 4000
    --seed 1 --out data.npy)
# The data have 0.25; before training it is above 1.
check_number(examples/train_npy "E[x^2]" 0.17 0.33 data.npy model.safetensors 1000)

# ---- Every module: its headers, each on its own, and its archive.
include(${BUILD}/ebm-headers.cmake)
set(torch_modules torch_nets gan flow)
set(modules ${EBM_MODULES})
list(REMOVE_ITEM modules ${torch_modules})
# Commas, as lists do not pass a command line.
string(REPLACE ";" "," modules_text "${modules}")
string(REPLACE ";" "," torch_text "${torch_modules}")
build_without_torch(${project} modules_without_torch -DMODULES=${modules_text})
if(TORCH)
  # As users name it, since TorchConfig.cmake looks for Caffe2Config.cmake on this path too.
  set(ENV{CMAKE_PREFIX_PATH} ${TORCH}/..)
  # Not optimised: nearly all of its time goes into LibTorch's headers.
  build(${project} modules_with_torch -DMODULES=${torch_text})
  file(STRINGS ${SCRATCH}/modules_with_torch/CMakeCache.txt found REGEX "^Torch_DIR:PATH=${TORCH}$")
  if(NOT found)
    message(FATAL_ERROR "another LibTorch than the one ebm was built with was found")
  endif()
endif()

# ---- A component that does not exist is refused by name.
file(MAKE_DIRECTORY ${SCRATCH}/missing)
file(WRITE ${SCRATCH}/missing/CMakeLists.txt
     "cmake_minimum_required(VERSION 3.25)\nproject(missing LANGUAGES CXX)\n"
     "find_package(ebm REQUIRED COMPONENTS samplers no_such_module)\n")
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SCRATCH}/missing -B ${SCRATCH}/missing/build
                        -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_PREFIX_PATH=${prefix}
                RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(result EQUAL 0 OR NOT output MATCHES "no component[ \n]+'no_such_module'")
  message(FATAL_ERROR "a missing component was not refused by name (${result}):\n${output}")
endif()
file(REMOVE_RECURSE ${SCRATCH})
