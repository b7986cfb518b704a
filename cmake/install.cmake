# cmake --install: library, headers, program, and the package for find_package(agate CONFIG).
include(CMakePackageConfigHelpers)
set(agate_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/agate)

install(TARGETS agate EXPORT agate-targets
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT agate-targets NAMESPACE agate:: DESTINATION ${agate_package_dir})
set(agate_without PATTERN molecules EXCLUDE)
if(TARGET agate_molecules)
  set(agate_without)
  install(TARGETS agate_molecules EXPORT agate-molecules-targets
          RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
          LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT agate-molecules-targets NAMESPACE agate:: DESTINATION ${agate_package_dir})
  install(FILES cmake/FindRDKit.cmake cmake/rdkit.cmake DESTINATION ${agate_package_dir})
endif()
install(DIRECTORY include/agate DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN *.hpp ${agate_without})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(AGATE_TOOLS)
  install(TARGETS agate_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

configure_package_config_file(cmake/agate-config.cmake.in agate-config.cmake
                              INSTALL_DESTINATION ${agate_package_dir})
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(agate-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/agate-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/agate-config-version.cmake
              cmake/dependencies.cmake cmake/FindoneDNN.cmake
        DESTINATION ${agate_package_dir})
