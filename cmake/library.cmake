# agate_add_library(NAME [DOUBLE]): the library in float, or in double for gradient checks.
#
# The sources are found by their place in the house, so that a new layer is one header and one
# source and no line here.
find_package(nlohmann_json 3.11 REQUIRED)  # nlohmann-json3-dev: JSON, private
find_package(Boost 1.74 REQUIRED)          # libboost-dev: layouts, graph interop, headers only
find_package(spectra 1.0 QUIET)            # libspectra-dev: eigenvectors, header only, private
find_path(AGATE_SPECTRA_INCLUDE Spectra/SymEigsSolver.h REQUIRED)

function(agate_add_library name)
  cmake_parse_arguments(arg "DOUBLE" "" "" ${ARGN})
  set(rooms core kernels tensor graph attention nn io data models)
  if(NOT arg_DOUBLE)
    list(APPEND rooms train explain embed)
  endif()
  set(sources)
  foreach(room IN LISTS rooms)
    file(GLOB_RECURSE found CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${room}/*.cpp)
    list(APPEND sources ${found})
  endforeach()
  # What reads and writes JSON is in no hurry, and a fifth of the library when compiled for speed.
  # A unity build would leave out files with options of their own: there it is put together instead.
  foreach(source IN LISTS sources)
    file(STRINGS ${source} json REGEX "<nlohmann/json.hpp>" LIMIT_COUNT 1)
    if(json AND CMAKE_UNITY_BUILD)
      list(REMOVE_ITEM sources ${source})
      list(APPEND sources ${source})
    elseif(json)
      set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS $<$<CONFIG:Release>:-Os>)
    endif()
    # Highway includes the file that includes this once for each instruction set.
    file(STRINGS ${source} simd REGEX "<hwy/foreach_target.h>" LIMIT_COUNT 1)
    if(simd)
      set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
  endforeach()

  if(arg_DOUBLE)
    add_library(${name} STATIC EXCLUDE_FROM_ALL ${sources})
    target_compile_definitions(${name} PUBLIC AGATE_REAL_DOUBLE)
  else()
    add_library(${name} ${sources})
    agate_export_public_headers(${name})
    agate_number_versions(${name})
  endif()
  set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_include_directories(${name} SYSTEM PRIVATE ${AGATE_SPECTRA_INCLUDE})
  target_compile_definitions(${name} PRIVATE AGATE_VERSION="${PROJECT_VERSION}"
    # The threads are ours: Eigen would start its own under OpenMP, and its results depend on them.
    EIGEN_DONT_PARALLELIZE
    $<$<BOOL:${AGATE_ONEDNN}>:AGATE_ONEDNN> $<$<BOOL:${AGATE_HIGHWAY}>:AGATE_HIGHWAY>)
  target_link_libraries(${name}
    PRIVATE $<BUILD_INTERFACE:nlohmann_json::nlohmann_json> $<BUILD_INTERFACE:Boost::headers>)
  agate_use(${name})
  # Lets the compiler use vectors for square roots and choices. NaN and infinity keep their meaning.
  target_compile_options(${name} PRIVATE -fno-math-errno -fno-trapping-math)
  agate_warnings(${name})
endfunction()

# What whoever uses the library gets, and what it is linked with.
function(agate_use name)
  target_compile_features(${name} PUBLIC cxx_std_20)
  target_include_directories(${name}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
           $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${name} PUBLIC Eigen3::Eigen
    PRIVATE Threads::Threads ZLIB::ZLIB PkgConfig::libzip)
  if(AGATE_ONEDNN)
    target_link_libraries(${name} PRIVATE oneDNN::dnnl OpenMP::OpenMP_CXX)
  endif()
  if(AGATE_HIGHWAY)
    target_link_libraries(${name} PRIVATE PkgConfig::libhwy)
  endif()
endfunction()

# agate_add_twin(NAME STATIC|SHARED OF): the objects of OF as a library of the other kind.
function(agate_add_twin name kind of)
  add_library(${name} ${kind} $<TARGET_OBJECTS:${of}>)
  set_target_properties(${name} PROPERTIES OUTPUT_NAME agate LINKER_LANGUAGE CXX)
  agate_number_versions(${name})
  agate_use(${name})
endfunction()

function(agate_number_versions name)
  set_target_properties(${name} PROPERTIES VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  get_target_property(type ${name} TYPE)
  if(type STREQUAL SHARED_LIBRARY)
    target_link_options(${name} PRIVATE
      LINKER:--version-script=${PROJECT_SOURCE_DIR}/cmake/symbols.map)
    set_target_properties(${name} PROPERTIES
      LINK_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/symbols.map)
  endif()
endfunction()

# A shared library shows what include/ declares and hides the rest. No declaration is marked for
# it: the library's own sources read the public headers through generated ones that say so around
# them. The headers that serve Eigen and Boost are left alone: what is inline there is compiled
# with its user's flags and must not be taken from here. agate::molecules, a library of its own,
# reads tables with what data/ keeps to itself.
function(agate_export_public_headers name)
  set_target_properties(${name} PROPERTIES CXX_VISIBILITY_PRESET hidden DEFINE_SYMBOL "")
  set(include ${PROJECT_SOURCE_DIR}/include)
  set(visible ${PROJECT_BINARY_DIR}/visible)
  target_include_directories(${name} BEFORE PRIVATE ${visible})
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${include} ${include}/*.hpp ${include}/*.h)
  list(FILTER headers EXCLUDE REGEX "/(eigen|boost)[.]hpp$")
  list(TRANSFORM headers PREPEND ${include}/)
  foreach(shared columns table)
    list(APPEND headers ${PROJECT_SOURCE_DIR}/src/data/${shared}.hpp)
  endforeach()
  foreach(header IN LISTS headers)
    string(REGEX REPLACE "^(${include}|${PROJECT_SOURCE_DIR}/src)/" "" name ${header})
    file(CONFIGURE OUTPUT ${visible}/${name} @ONLY CONTENT "#pragma once
#pragma GCC visibility push(default)
#include \"@header@\"
#pragma GCC visibility pop
")
  endforeach()
endfunction()

function(agate_warnings name)
  # -Wrestrict of GCC 12 sees an overlap in every "text" + std::string. In a unity build a local
  # name may be one that a neighbour has at file scope.
  target_compile_options(${name} PRIVATE -Wall -Wextra -Wpedantic -Wnon-virtual-dtor -Wno-restrict
    $<$<NOT:$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>>:-Wshadow>
    $<$<BOOL:${AGATE_WERROR}>:-Werror>)
endfunction()
