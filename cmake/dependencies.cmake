# What the library needs, and where Debian 12 keeps it. Included by the build and by the installed
# package, so that both look for the same things.
include(CMakeFindDependencyMacro)
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})

# The build stops at what is missing; the installed package tells find_package() of it.
macro(agate_find)
  if(CMAKE_FIND_PACKAGE_NAME STREQUAL "agate")
    find_dependency(${ARGN})
  else()
    find_package(${ARGN} REQUIRED)
  endif()
endmacro()

agate_find(Eigen3 3.4)            # libeigen3-dev: dense products without oneDNN, eigen views
agate_find(Threads)
agate_find(ZLIB)                  # zlib1g-dev: .gz
agate_find(PkgConfig)
if(NOT TARGET PkgConfig::libzip)
  pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)  # libzip-dev: .npz
endif()
if(AGATE_ONEDNN)
  agate_find(oneDNN)              # libdnnl-dev: matrix products, dispatched at run time
  agate_find(OpenMP COMPONENTS CXX)  # to keep oneDNN on the thread that calls it
endif()
if(AGATE_HIGHWAY AND NOT TARGET PkgConfig::libhwy)
  pkg_check_modules(libhwy REQUIRED IMPORTED_TARGET libhwy)  # libhwy-dev: SIMD
endif()
