#pragma once
// Deciding what the columns of a node table are, and turning them into features.

#include <agate/data/schema.hpp>
#include <agate/tensor/features.hpp>
#include <string>
#include <vector>

#include "data/node_table.hpp"

namespace AGATE_NAMESPACE::data {

/// Fills schema.numeric and schema.categories from the other columns of the table.
void describe_columns(const NodeTable& table, FeatureSchema& schema, const Note& note);

/// The structural features that an option asks for; `auto` needs to know whether there are others.
StructuralFeatures parse_structural(const std::string& text, bool has_columns);

/// Measures schema.degree_mean and degree_deviation.
void describe_degrees(const Graph& graph, FeatureSchema& schema);

/// The features of the nodes, by the schema alone: sparse when less than a quarter of a row is
/// filled, or with identity features.
FeatureMatrix build_features(const NodeTable& table, const std::vector<std::string>& ids,
                             const Graph& graph, const FeatureSchema& schema, const Note& note);

}  // namespace AGATE_NAMESPACE::data
