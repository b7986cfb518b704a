# The libraries of RDKit that agate::molecules uses. Included by the build and by the installed
# package.
set(agate_rdkit 2022.09 COMPONENTS
    ChemTransforms DataStructs Fingerprints GraphMol MolDraw2D SmilesParse RDGeneral)
