#pragma once
#include <agate/io/safetensors.hpp>
#include <string>

namespace io_test {

/// "id,age\nann,31\nbob,42\n" packed by gzip.
inline std::string csv_gz() {
  constexpr char bytes[] =
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x4c\xd1\x49\x4c\x4f\xe5\x4a\xcc\xcb\xd3\x31\x36"
      "\xe4\x4a\xca\x4f\xd2\x31\x31\xe2\x02\x00\x10\xed\x6e\x01\x15\x00\x00\x00";
  return {bytes, sizeof bytes - 1};
}

/// An .npy image of this version with this header and these elements.
inline std::string npy(const std::string& header, const std::string& elements, int version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += {static_cast<char>(version), '\0'};
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i)
    bytes += static_cast<char>((header.size() >> (8 * i)) & 0xFF);
  return bytes + header + elements;
}
inline std::string npy_of(const std::string& descr, const std::string& shape,
                          const std::string& elements) {
  return npy("{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }\n",
             elements);
}

/// A safetensors image with this header and this data.
inline std::string safetensors(const std::string& header, const std::string& data) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>((header.size() >> (8 * i)) & 0xFF);
  return bytes + header + data;
}

inline agate::io::SafeTensors two_arrays() {
  using agate::io::Array;
  return {.arrays = {{"weight", Array::from(agate::Tensor::from({2, 3}, {1, 2, 3, 4, 5, 6}))},
                     {"ids", Array::from(std::vector<agate::Index>{-1, 7})}},
          .metadata = {{"agate_format", "1"}, {"title", "a \"quoted\" \xC3\xA9"}}};
}

/// Three nodes and two edges, in each of the formats of graphs.
inline std::string small_graphml() {
  return R"(<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="d0" for="node" attr.name="age" attr.type="int"/><key id="d1" attr.name="club"/>
  <key id="d2" for="edge" attr.name="weight" attr.type="double"/><graph edgedefault="undirected">
    <node id="ann b"><data key="d0">31</data><data key="d1">a &amp; b</data></node>
    <node id="2"><data key="d1"><![CDATA[c]]></data></node><node id="cat"><data key="d0">0</data></node>
    <edge source="ann b" target="2"><data key="d2"> 0.5 </data></edge>
    <edge source='cat' target="ann&#32;b"/> <!-- the end -->
</graph></graphml>
)";
}
inline std::string small_dot() {
  return R"(graph g {
  "ann b" [age=31, club="a & b"];
  2 [club=c]
  cat [age=0]  // nought is not nothing
  "ann b" -- 2 [weight=0.5]
  cat -- "ann b"
}
)";
}
inline std::string small_node_link() {
  return R"({"directed": false, "multigraph": false,
  "nodes": [{"id": "ann b", "age": 31, "club": "a & b"}, {"id": 2, "club": "c"},
            {"id": "cat", "age": 0, "club": null}],
  "links": [{"source": "ann b", "target": 2, "weight": 0.5}, {"source": "cat", "target": "ann b"}]}
)";
}

}  // namespace io_test
