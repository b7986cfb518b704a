#pragma once
/// \file
/// Structural encodings beside the features that an archive brings.

#include <agate/data/dataset.hpp>
#include <agate/data/schema.hpp>
#include <string>

namespace AGATE_NAMESPACE::data {

/// Appends the encodings that `structural` lists ("degree,random_walk:8,spectral:8") to the columns
/// of dataset.x, which stays sparse if it was, and returns what append_encodings below needs to do
/// the same to other data. Error(usage) for a list that cannot be read or that asks for `identity`,
/// which is known of tables only, and what the encodings throw (see encodings.hpp).
FeatureSchema append_encodings(Dataset& dataset, const std::string& structural);

/// Appends the encodings of a schema that append_encodings made. Error(shape) when x has other
/// columns than the data that it was made for.
void append_encodings(Dataset& dataset, const FeatureSchema& schema);

/// Computes the encodings, the last schema.structural.encodings() columns of dataset.x, anew: its
/// graph has changed. The other columns, and how degrees are standardised, stay.
void refresh_encodings(Dataset& dataset, const FeatureSchema& schema);

}  // namespace AGATE_NAMESPACE::data
