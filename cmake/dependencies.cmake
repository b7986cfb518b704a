# What the library needs, and where Debian 12 keeps it. Included by the build and by the installed
# package, so that both look for the same things.
include(CMakeFindDependencyMacro)
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})

find_dependency(Eigen3 3.4)            # libeigen3-dev: dense products without oneDNN, eigen views
find_dependency(Threads)
find_dependency(ZLIB)                  # zlib1g-dev: .gz
find_dependency(PkgConfig)
if(NOT TARGET PkgConfig::libzip)
  pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)  # libzip-dev: .npz
endif()
if(AGATE_ONEDNN)
  find_dependency(oneDNN)              # libdnnl-dev: matrix products, dispatched at run time
endif()
if(AGATE_HIGHWAY AND NOT TARGET PkgConfig::libhwy)
  pkg_check_modules(libhwy REQUIRED IMPORTED_TARGET libhwy)  # libhwy-dev: SIMD
endif()
if(AGATE_OPENMP)
  find_dependency(OpenMP COMPONENTS CXX)
endif()
