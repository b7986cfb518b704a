# Installs the build into a fresh prefix, then builds examples/ against it and runs them.
include(${CMAKE_CURRENT_LIST_DIR}/steps.cmake)
set(prefix ${SCRATCH}/prefix)

step("installing" ${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})
expect_file(${prefix}/include/agate/core/config.hpp)
file(GLOB_RECURSE data ${prefix}/*.csv ${prefix}/catalogue.json)
if(data)
  message(FATAL_ERROR "data was installed: ${data}")
endif()
file(GLOB program ${prefix}/bin/agate)
if(program)
  step("the installed program" ${program} --version)
endif()

if(EXISTS ${prefix}/include/agate/molecules)
  file(WRITE ${SCRATCH}/molecules/main.cpp "#include <agate/molecules/molecule.hpp>\n"
    "int main() { return agate::molecules::parse_smiles(\"CCO\").num_atoms() == 3 ? 0 : 1; }\n")
  file(WRITE ${SCRATCH}/molecules/CMakeLists.txt "
cmake_minimum_required(VERSION 3.25)
project(with_molecules LANGUAGES CXX)
find_package(agate CONFIG REQUIRED COMPONENTS molecules)
add_executable(molecules main.cpp)
target_link_libraries(molecules PRIVATE agate::molecules)
")
  step("configuring with molecules" ${CMAKE_COMMAND} -S ${SCRATCH}/molecules
       -B ${SCRATCH}/molecules/build ${as_built} -DCMAKE_PREFIX_PATH=${prefix})
  step("building with molecules" ${CMAKE_COMMAND} --build ${SCRATCH}/molecules/build)
  step("running with molecules" ${SCRATCH}/molecules/build/molecules)
endif()
step("configuring the examples" ${CMAKE_COMMAND} -S ${SOURCE}/examples -B ${SCRATCH}/build
     ${as_built} -DCMAKE_PREFIX_PATH=${prefix})
step("building the examples" ${CMAKE_COMMAND} --build ${SCRATCH}/build)
file(GLOB examples ${SOURCE}/examples/*.cpp)
foreach(example IN LISTS examples)
  get_filename_component(name ${example} NAME_WE)
  step("running ${name}" ${SCRATCH}/build/${name})
  message(STATUS "${output}")
endforeach()
