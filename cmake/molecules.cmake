# agate::molecules: src/molecules/, which alone knows RDKit. A library of its own, so that whoever
# learns from other graphs links no chemistry.
include(cmake/rdkit.cmake)
find_package(RDKit ${agate_rdkit} QUIET)
if(NOT RDKit_FOUND)
  message(STATUS "Molecules: not built, RDKit 2022.09 is not found (librdkit-dev)")
  return()
endif()
message(STATUS "Molecules: with RDKit ${RDKit_VERSION}")

file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/molecules/*.cpp)
add_library(agate_molecules ${sources})
add_library(agate::molecules ALIAS agate_molecules)
agate_export_public_headers(agate_molecules)
agate_number_versions(agate_molecules)
set_target_properties(agate_molecules PROPERTIES
  EXPORT_NAME molecules CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
target_include_directories(agate_molecules PRIVATE ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(agate_molecules PUBLIC agate::agate
  PRIVATE RDKit::ChemTransforms RDKit::DataStructs RDKit::Fingerprints RDKit::GraphMol
          RDKit::MolDraw2D RDKit::SmilesParse RDKit::RDGeneral)
agate_warnings(agate_molecules)
