# RDKit (librdkit-dev), for which Debian ships no CMake package. One imported target for each of
# the libraries asked for, RDKit::GraphMol for libRDKitGraphMol.
#
#   find_package(RDKit 2022.09 COMPONENTS GraphMol SmilesParse)
find_package(Boost 1.74 QUIET)  # libboost-dev: RDKit's headers include it
find_path(RDKit_INCLUDE_DIR GraphMol/ROMol.h PATH_SUFFIXES rdkit)
find_library(RDKit_RDGeneral_LIBRARY RDKitRDGeneral)
mark_as_advanced(RDKit_INCLUDE_DIR RDKit_RDGeneral_LIBRARY)

# Its header of versions holds none; the library's full name does: libRDKitRDGeneral.so.1.2022.09.3.
unset(RDKit_VERSION)
if(RDKit_RDGeneral_LIBRARY)
  file(REAL_PATH ${RDKit_RDGeneral_LIBRARY} RDKit_file)
  if(RDKit_file MATCHES "[.](20[0-9][0-9])[.]([0-9]+)[.]([0-9]+)")
    set(RDKit_VERSION ${CMAKE_MATCH_1}.${CMAKE_MATCH_2}.${CMAKE_MATCH_3})
  endif()
  unset(RDKit_file)
endif()

set(RDKit_needed RDKit_RDGeneral_LIBRARY)
foreach(component IN LISTS RDKit_FIND_COMPONENTS)
  find_library(RDKit_${component}_LIBRARY RDKit${component})
  mark_as_advanced(RDKit_${component}_LIBRARY)
  list(APPEND RDKit_needed RDKit_${component}_LIBRARY)
endforeach()
list(REMOVE_DUPLICATES RDKit_needed)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(RDKit
  REQUIRED_VARS ${RDKit_needed} RDKit_INCLUDE_DIR Boost_FOUND VERSION_VAR RDKit_VERSION
  REASON_FAILURE_MESSAGE "on Debian install librdkit-dev and libboost-dev")
unset(RDKit_needed)

if(RDKit_FOUND)
  foreach(component IN LISTS RDKit_FIND_COMPONENTS)
    if(NOT TARGET RDKit::${component})
      add_library(RDKit::${component} UNKNOWN IMPORTED)
      set_target_properties(RDKit::${component} PROPERTIES
        IMPORTED_LOCATION ${RDKit_${component}_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${RDKit_INCLUDE_DIR}
        INTERFACE_LINK_LIBRARIES Boost::headers)
    endif()
  endforeach()
endif()
