#pragma once
// Deciding what the columns of a table are, and turning them into features.

#include <agate/data/schema.hpp>
#include <agate/tensor/features.hpp>
#include <string>
#include <vector>

#include "data/table.hpp"

namespace AGATE_NAMESPACE::data {

/// Appends what the other columns of the table are.
void describe_columns(const Table& table, std::vector<NumericColumn>& numeric,
                      std::vector<CategoryColumn>& categories, const Note& note);

/// Error(not_found) unless the table has these columns; notes the others that it has.
void check_columns(const Table& table, const std::vector<NumericColumn>& numeric,
                   const std::vector<CategoryColumn>& categories, const Note& note);

/// The structural features that an option asks for; of `auto` identity where there are no others.
StructuralFeatures parse_structural(const std::string& text, bool has_columns);

/// Those that stand in for features that nodes do not have: what `auto` means (TableOptions).
StructuralFeatures usual_structural(const Dataset& dataset);

/// Measures the means and deviations of the degrees that schema.structural asks for.
void describe_degrees(const Graph& graph, FeatureSchema& schema);

/// nodes x schema.structural.encodings(), side by side in the order of the schema; of several
/// graphs (Dataset::graph_offsets) each by itself.
Tensor structural_encodings(const Graph& graph, const std::vector<Index>& graph_offsets,
                            const FeatureSchema& schema);

/// The features of the nodes, by the schema alone: sparse when less than a quarter of a row is
/// filled, or with identity features. `dataset` holds the graph and the ids.
FeatureMatrix build_features(const Table& nodes, const Dataset& dataset,
                             const FeatureSchema& schema, const Note& note);

/// edges x schema.num_edge_features(), empty where there are none. Error(limit) beyond 4 GiB.
Tensor build_edge_features(const Table& edges, const FeatureSchema& schema, const Note& note);

}  // namespace AGATE_NAMESPACE::data
