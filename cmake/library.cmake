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

  if(arg_DOUBLE)
    add_library(${name} STATIC EXCLUDE_FROM_ALL ${sources})
    target_compile_definitions(${name} PUBLIC AGATE_REAL_DOUBLE)
  else()
    add_library(${name} ${sources})
    set_target_properties(${name} PROPERTIES VERSION ${PROJECT_VERSION}
                          SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  endif()
  target_compile_features(${name} PUBLIC cxx_std_20)
  set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
  target_include_directories(${name}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
           $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_include_directories(${name} SYSTEM PRIVATE ${AGATE_SPECTRA_INCLUDE})
  target_compile_definitions(${name} PRIVATE AGATE_VERSION="${PROJECT_VERSION}"
    # The threads are ours: Eigen would start its own under OpenMP, and its results depend on them.
    EIGEN_DONT_PARALLELIZE
    $<$<BOOL:${AGATE_ONEDNN}>:AGATE_ONEDNN> $<$<BOOL:${AGATE_HIGHWAY}>:AGATE_HIGHWAY>)
  target_link_libraries(${name} PUBLIC Eigen3::Eigen
    PRIVATE Threads::Threads ZLIB::ZLIB PkgConfig::libzip
            $<BUILD_INTERFACE:nlohmann_json::nlohmann_json> $<BUILD_INTERFACE:Boost::headers>)
  if(AGATE_ONEDNN)
    target_link_libraries(${name} PRIVATE oneDNN::dnnl OpenMP::OpenMP_CXX)
  endif()
  if(AGATE_HIGHWAY)
    target_link_libraries(${name} PRIVATE PkgConfig::libhwy)
  endif()
  # Lets the compiler use vectors for square roots and choices. NaN and infinity keep their meaning.
  target_compile_options(${name} PRIVATE -fno-math-errno -fno-trapping-math)
  agate_warnings(${name})
endfunction()

function(agate_warnings name)
  # -Wrestrict of GCC 12 sees an overlap in every "text" + std::string.
  target_compile_options(${name} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
    -Wno-restrict
    $<$<BOOL:${AGATE_WERROR}>:-Werror>)
endfunction()
