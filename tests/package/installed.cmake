# Installs the build into a fresh prefix, then builds against it what a user would: the page on
# embedding, a C program by pkg-config, a program that hides its symbols, examples/; and runs them.
include(${CMAKE_CURRENT_LIST_DIR}/steps.cmake)
set(prefix ${SCRATCH}/prefix)

step("installing" ${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})
expect_file(${prefix}/include/agate/core/config.hpp)
expect_file(${prefix}/include/agate/agate.h)
file(GLOB_RECURSE libraries RELATIVE ${prefix} ${prefix}/*libagate.a ${prefix}/*libagate.so*)
list(LENGTH libraries kinds)  # static; shared, under three names
if(NOT kinds EQUAL 4)
  message(FATAL_ERROR "expected libagate.a and libagate.so with its versions: ${libraries}")
endif()
list(GET libraries 0 library)
get_filename_component(libdir ${prefix}/${library} DIRECTORY)
set(ENV{LD_LIBRARY_PATH} ${libdir})
file(GLOB_RECURSE data ${prefix}/*.csv ${prefix}/catalogue.json)
if(data)
  message(FATAL_ERROR "data was installed: ${data}")
endif()
file(GLOB program ${prefix}/bin/agate)
if(program)
  step("the installed program" ${program} --version)
endif()

# take_block(LANGUAGE FILE): the first block of the README's section in this language as a file.
file(READ ${SOURCE}/README.md page)
string(REGEX REPLACE ".*\n## In your own program\n" "" page "${page}")
function(take_block language file)
  if(NOT page MATCHES "```${language}\n([^`]*)```")
    message(FATAL_ERROR "README.md, In your own program, has no block of ${language}")
  endif()
  file(WRITE ${file} "${CMAKE_MATCH_1}")
endfunction()

take_block(cmake ${SCRATCH}/club/CMakeLists.txt)
take_block(cpp ${SCRATCH}/club/club.cpp)
step("configuring the README on embedding" ${CMAKE_COMMAND} -S ${SCRATCH}/club
     -B ${SCRATCH}/club/build ${as_built} -DCMAKE_PREFIX_PATH=${prefix})
step("building the README on embedding" ${CMAKE_COMMAND} --build ${SCRATCH}/club/build)
if(program)
  configure_file(${SOURCE}/datasets/karate/nodes.csv ${SCRATCH}/club/people.csv COPYONLY)
  configure_file(${SOURCE}/datasets/karate/edges.csv ${SCRATCH}/club/friends.csv COPYONLY)
  step("training" ${CMAKE_COMMAND} -E chdir ${SCRATCH}/club ${program} train --nodes people.csv
       --edges friends.csv --label club --epochs 30 --quiet --save club.safetensors)
  step("running the README on embedding" ${CMAKE_COMMAND} -E chdir ${SCRATCH}/club
       ${SCRATCH}/club/build/club)
  if(NOT output MATCHES "34: Officer 0[.][5-9]")
    message(FATAL_ERROR "the README on embedding says: ${output}")
  endif()
endif()

# By name the two kinds, in programs that hide what they declare: what is thrown and what is derived
# from still crosses.
file(WRITE ${SCRATCH}/hidden/main.cpp [[
#include <agate/core/error.hpp>
#include <agate/model.hpp>
#include <agate/nn/linear.hpp>

struct Own : agate::nn::Module {
  agate::Random random{1};
  agate::nn::Linear linear{{.in = 2, .out = 3}, random};
  void visit_parameters(const std::string& prefix, const agate::nn::ParameterVisitor& visit) override {
    linear.visit_parameters(prefix + "linear.", visit);
  }
};

int main() {
  if (Own().num_parameters() != 9) return 1;
  try {
    agate::Model::load("none");
  } catch (const agate::Error& error) {
    return error.code() == agate::ErrorCode::not_found ? 0 : 2;
  }
  return 3;
}
]])
file(WRITE ${SCRATCH}/hidden/CMakeLists.txt "
cmake_minimum_required(VERSION 3.25)
project(hidden LANGUAGES CXX)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
find_package(agate CONFIG REQUIRED)
foreach(kind static shared)
  add_executable(\${kind} main.cpp)
  target_link_libraries(\${kind} PRIVATE agate::\${kind})
endforeach()
")
step("configuring both kinds" ${CMAKE_COMMAND} -S ${SCRATCH}/hidden -B ${SCRATCH}/hidden/build
     ${as_built} -DCMAKE_PREFIX_PATH=${prefix})
step("building both kinds" ${CMAKE_COMMAND} --build ${SCRATCH}/hidden/build)
step("running the static kind" ${SCRATCH}/hidden/build/static)
step("running the shared kind" ${SCRATCH}/hidden/build/shared)

find_program(pkg_config pkg-config REQUIRED)
set(ENV{PKG_CONFIG_PATH} ${libdir}/pkgconfig)
step("pkg-config" ${pkg_config} --cflags --libs agate)
separate_arguments(of_pkg_config UNIX_COMMAND "${output}")
find_program(cc NAMES cc gcc REQUIRED)
step("a C program by pkg-config" ${cc} -std=c11 ${SOURCE}/tests/embed/c_program.c
     -o ${SCRATCH}/c_program ${of_pkg_config})
if(EXISTS ${BUILD}/tests/embed/question/question)
  step("running it" ${SCRATCH}/c_program ${BUILD}/tests/embed/question)
endif()

if(EXISTS ${prefix}/include/agate/molecules)
  file(WRITE ${SCRATCH}/molecules/main.cpp "#include <agate/molecules/molecule.hpp>\n"
    "int main() { return agate::molecules::parse_smiles(\"CCO\").num_atoms() == 3 ? 0 : 1; }\n")
  file(WRITE ${SCRATCH}/molecules/CMakeLists.txt "
cmake_minimum_required(VERSION 3.25)
project(with_molecules LANGUAGES CXX)
find_package(agate CONFIG REQUIRED COMPONENTS core molecules)
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
set(of_social_network ${SOURCE}/datasets/karate/nodes.csv ${SOURCE}/datasets/karate/edges.csv club)
set(of_from_pyg ${SOURCE}/tests/golden/state_dict_gat.safetensors elu)
set(of_toxicity ${SOURCE}/datasets/fdamdd/fdamdd.csv)
file(GLOB examples ${SOURCE}/examples/*.cpp)
foreach(example IN LISTS examples)
  get_filename_component(name ${example} NAME_WE)
  if(name STREQUAL "toxicity" AND NOT EXISTS ${prefix}/include/agate/molecules)
    continue()
  endif()
  step("running ${name}" ${CMAKE_COMMAND} -E chdir ${SCRATCH} ${SCRATCH}/build/${name} ${of_${name}})
  message(STATUS "${output}")
endforeach()
