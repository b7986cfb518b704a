# cmake --install: library, headers, program, and the packages for find_package(agate CONFIG) and
# pkg-config; cpack -G DEB: the same as Debian packages.
include(CMakePackageConfigHelpers)
set(agate_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/agate)

# agate_install_library(COMPONENT EXPORT TARGET...)
function(agate_install_library component export)
  install(TARGETS ${ARGN} EXPORT ${export}
          RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT ${component}
          LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT ${component}
                  NAMELINK_COMPONENT development
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
  install(EXPORT ${export} NAMESPACE agate:: DESTINATION ${agate_package_dir}
          COMPONENT development)
endfunction()

# Both kinds: agate::agate is the one that BUILD_SHARED_LIBS asked for.
set(agate_kinds agate)
set(agate_kind static)
if(BUILD_SHARED_LIBS)
  set(agate_kind shared)
endif()
foreach(kind static shared)
  if(TARGET agate_${kind})
    set_target_properties(agate_${kind} PROPERTIES EXPORT_NAME ${kind})
    list(APPEND agate_kinds agate_${kind})
  endif()
endforeach()
agate_install_library(library agate-targets ${agate_kinds})
set(agate_without PATTERN molecules EXCLUDE)
if(TARGET agate_molecules)
  set(agate_without)
  agate_install_library(molecules agate-molecules-targets agate_molecules)
  install(FILES cmake/FindRDKit.cmake cmake/rdkit.cmake DESTINATION ${agate_package_dir}
          COMPONENT development)
endif()
install(DIRECTORY include/agate DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development
        FILES_MATCHING PATTERN *.hpp PATTERN *.h ${agate_without})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT library)
if(AGATE_TOOLS)
  install(TARGETS agate_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
  if(BUILD_SHARED_LIBS)
    file(RELATIVE_PATH agate_to_libraries ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
    set_target_properties(agate_program PROPERTIES INSTALL_RPATH "$ORIGIN/${agate_to_libraries}")
    if(TARGET agate_molecules)
      set_target_properties(agate_molecules PROPERTIES INSTALL_RPATH "$ORIGIN")
    endif()
  endif()
endif()

configure_package_config_file(cmake/agate-config.cmake.in agate-config.cmake
                              INSTALL_DESTINATION ${agate_package_dir})
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(agate-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/agate-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/agate-config-version.cmake
              cmake/dependencies.cmake cmake/FindoneDNN.cmake
        DESTINATION ${agate_package_dir} COMPONENT development)

# pkg-config --static also names what a static library leaves to its user.
file(RELATIVE_PATH agate_to_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
set(agate_private -lstdc++ -pthread)
set(agate_requires "zlib libzip")
if(AGATE_ONEDNN)
  list(APPEND agate_private -ldnnl -lgomp)
endif()
if(AGATE_HIGHWAY)
  string(APPEND agate_requires " libhwy")
endif()
list(JOIN agate_private " " agate_private)
configure_file(cmake/agate.pc.in agate.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/agate.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
        COMPONENT development)

include(cmake/debian.cmake)
