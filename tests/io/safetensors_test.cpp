#include <agate/io/safetensors.hpp>
#include <cstring>

#include "catch.hpp"
#include "io/samples.hpp"
#include "temporary_folder.hpp"

using namespace agate;
using namespace agate::io;
using namespace io_test;

namespace {

/// What is said about a file with this header and data.
Refusal refused_header(const std::string& header, const std::string& data = "") {
  return refusal([&] { parse_safetensors(safetensors(header, data), "m.safetensors"); });
}
std::string entry(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return R"({"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
}
std::string golden_file(const std::string& name) {
  return AGATE_SOURCE_DIR "/tests/golden/" + name + ".safetensors";
}

}  // namespace

TEST_CASE("files of the reference implementation are read") {
  const SafeTensors gat = read_safetensors(golden_file("GATConv_0"));
  CHECK(gat.arrays.size() == 15);
  CHECK(gat.metadata.size() == 4);
  CHECK(gat.metadata.at("class") == "GATConv");
  CHECK(gat.metadata.at("args") == R"({"in_channels": 5, "out_channels": 3, "heads": 2})");
  REQUIRE(gat.find("x") != nullptr);
  CHECK(gat.find("x")->type == DType::f32);
  CHECK(gat.find("x")->shape == std::vector<Index>{12, 5});
  const Tensor x = gat.find("x")->as_tensor("x");
  CHECK(x.data()[0] == Approx(1.2868282));
  CHECK(x.data()[2] == Approx(-1.4892381));
  REQUIRE(gat.find("edge_index") != nullptr);
  CHECK(gat.find("edge_index")->type == DType::i64);
  CHECK(gat.find("edge_index")->shape == std::vector<Index>{2, 40});
  CHECK(gat.find("param.att_src")->shape == std::vector<Index>{1, 2, 3});
  CHECK(gat.find("none") == nullptr);

  const SafeTensors gcn = read_safetensors(golden_file("GCNConv_0"));
  CHECK(gcn.arrays.size() == 9);
  CHECK(gcn.metadata.at("class") == "GCNConv");
  CHECK(gcn.find("param.lin.weight")->shape == std::vector<Index>{3, 5});
  CHECK(gcn.find("x")->as_tensor("x").data()[1] == Approx(-1.3341775));

  const SafeTensors one_head = read_safetensors(golden_file("GATConv_6"));
  CHECK(one_head.arrays.size() == 13);
  CHECK(one_head.find("alpha")->shape == std::vector<Index>{49, 1});
  CHECK(one_head.find("x")->as_tensor("x").data()[0] == Approx(1.4640393));
}

TEST_CASE("what is written is read again, arrays, order and metadata") {
  SafeTensors content = two_arrays();
  content.arrays.push_back({"scalar", {.type = DType::f64, .shape = {}, .bytes = "12345678"}});
  content.arrays.push_back({"empty", {.type = DType::u8, .shape = {3, 0}, .bytes = ""}});
  content.arrays.push_back({"tail", {.type = DType::boolean, .shape = {3}, .bytes = "\1\2\3"}});
  const TemporaryFolder folder;
  const std::string path = folder.path("m.safetensors");
  write_safetensors(path, content);
  const SafeTensors back = read_safetensors(path);
  CHECK(back.metadata == content.metadata);
  REQUIRE(back.arrays.size() == content.arrays.size());
  for (std::size_t i = 0; i < back.arrays.size(); ++i) {
    const auto& [name, array] = back.arrays[i];
    CHECK(name == content.arrays[i].first);
    CHECK(array.type == content.arrays[i].second.type);
    CHECK(array.shape == content.arrays[i].second.shape);
    CHECK(array.bytes == content.arrays[i].second.bytes);
  }
}

TEST_CASE("the data is aligned and nothing at all is still a file") {
  for (std::size_t length = 0; length < 9; ++length) {
    const std::string bytes =
        format_safetensors({.arrays = {}, .metadata = {{"k", std::string(length, 'v')}}});
    CHECK(bytes.size() % 8 == 0);
    CHECK(parse_safetensors(bytes, "m").metadata.at("k").size() == length);
  }
  const SafeTensors nothing = parse_safetensors(format_safetensors({}), "m");
  CHECK(nothing.arrays.empty());
  CHECK(nothing.metadata.empty());
}

TEST_CASE("every dtype is known under its name") {
  const std::pair<std::string, DType> known[] = {
      {"F64", DType::f64},     {"F32", DType::f32}, {"F16", DType::f16}, {"BF16", DType::bf16},
      {"I64", DType::i64},     {"I32", DType::i32}, {"I16", DType::i16}, {"I8", DType::i8},
      {"U64", DType::u64},     {"U32", DType::u32}, {"U16", DType::u16}, {"U8", DType::u8},
      {"BOOL", DType::boolean}};
  for (const auto& [name, type] : known) {
    CHECK(to_string(type) == name);
    const std::size_t size = 3 * item_size(type);
    const std::string header =
        R"({"a":)" + entry(name, "[3]", "[0," + std::to_string(size) + "]") + "}";
    const auto read = parse_safetensors(safetensors(header, std::string(size, '\0')), "m");
    REQUIRE(read.find("a") != nullptr);
    CHECK(read.find("a")->type == type);
  }
}

TEST_CASE("a file that is too short or no safetensors file is refused") {
  const auto parse = [](const std::string& bytes) {
    return refusal([&] { parse_safetensors(bytes, "m.safetensors"); });
  };
  CHECK(parse("").says("m.safetensors: has 0 bytes"));
  CHECK(parse("").code == ErrorCode::format);
  CHECK(parse("12345678").says("has 8 bytes"));
  CHECK(parse("PK\3\4 something else altogether").says("is not a safetensors file: a header of "));
  CHECK(parse(safetensors("{}", "").substr(0, 9)).says("the header takes 2 bytes, the file has 1"));
  std::string huge = safetensors("{}", "");
  huge[3] = 100;
  CHECK(huge.size() == 10);
  CHECK(parse(huge).says("at most 100000000 are allowed"));
  CHECK(refused_header(" {}").says("does not start with {"));
  CHECK(refused_header("[]").says("does not start with {"));
  CHECK(refused_header("{}  ").sentence.empty());
  CHECK(refusal([] { read_safetensors("/no/such/file"); }).code == ErrorCode::not_found);
}

TEST_CASE("a header that is not JSON of the right form is refused") {
  for (const std::string header :
       {"{", "{}}", "{} x", R"({"a")", R"({"a":)", R"({"a":1,})", "{\"\xFF\":1}", "{\"\x01\":1}"})
    CHECK(refused_header(header).says("m.safetensors: the header"));
  CHECK(refused_header("{\"a\":{\"dtype").says("the header is not JSON, at its byte "));
  for (const std::string value : {"1", "-1", "1.5", "null", "true", "[]", "\"x\""}) {
    INFO(value);
    CHECK(refused_header(R"({"a":)" + value + "}").says("where none may be, in \"a\""));
    CHECK(refused_header(R"({"a":{"shape":)" + value + "}}").code == ErrorCode::format);
    CHECK(refused_header(R"({"a":{"other":)" + value + "}}").says("where none may be, in \"a\""));
    if (value != "\"x\"")
      CHECK(refused_header(R"({"__metadata__":{"k":)" + value + "}}").says("where none may be"));
  }
  CHECK(refused_header(R"({"a":{"x":{}}})").says("an object where none may be"));
  CHECK(refused_header(R"({"__metadata__":{"k":{}}})").says("an object where none may be"));
  CHECK(refused_header(R"({"a":{}})").says("array \"a\": needs dtype, shape and two data_offsets"));
  CHECK(refused_header(R"({"a":)" + entry("F32", "[0]", "[0]") + "}").says("needs dtype"));
  CHECK(refused_header(R"({"a":)" + entry("F32", "[0]", "[0,0,0]") + "}")
            .says("more than 2 numbers"));
  CHECK(refused_header(R"({"a":)" + entry("F32", "[-1]", "[0,0]") + "}").says("a negative number"));
  CHECK(refused_header(R"({"a":)" + entry("F32", "[0.5]", "[0,0]") + "}").says("not whole"));
  CHECK(refused_header(R"({"a":)" + entry("F32", "[[0]]", "[0,0]") + "}").says("a list"));
  CHECK(refused_header(R"({"a":)" + entry("F32", "[18446744073709551615]", "[0,0]") + "}")
            .says("an extent of 18446744073709551615"));
  CHECK(refused_header(R"({"a":)" + entry("F8_E4M3", "[0]", "[0,0]") + "}")
            .says("unknown dtype \"F8_E4M3\""));
  CHECK(refused_header("{\"a\":" + std::string(100000, '[')).says("a list where none may be"));
}

TEST_CASE("duplicate keys are refused on every level") {
  const std::string a = R"("a":)" + entry("F32", "[0]", "[0,0]");
  CHECK(refused_header("{" + a + "}").sentence.empty());
  CHECK(refused_header("{" + a + "," + a + "}").says("the header holds the name \"a\" twice"));
  CHECK(refused_header("{" + a + R"(,"\u0061":{}})").says("the header holds the name \"a\" twice"));
  CHECK(refused_header(R"({"__metadata__":{},"__metadata__":{}})").says("twice"));
  CHECK(refused_header(R"({"__metadata__":{"k":"1","k":"2"}})").says("holds the key \"k\" twice"));
  CHECK(refused_header(R"({"a":{"dtype":"F32","dtype":"F32"}})").says("dtype appears twice"));
  CHECK(refused_header(R"({"a":{"shape":[],"shape":[]}})").says("shape appears twice"));
  CHECK(refused_header(R"({"a":{"data_offsets":[0,0],"data_offsets":[0,0]}})")
            .says("data_offsets appears twice"));
}

TEST_CASE("offsets must cover the data once, and fit the shapes") {
  const std::string data(8, 'd');
  const auto two = [&](const std::string& a, const std::string& b) {
    return refused_header(
        R"({"a":)" + entry("U8", "[4]", a) + R"(,"b":)" + entry("U8", "[4]", b) + "}", data);
  };
  CHECK(two("[0,4]", "[4,8]").sentence.empty());
  CHECK(two("[4,8]", "[0,4]").sentence.empty());
  CHECK(two("[0,4]", "[3,7]").says("array \"b\": starts at byte 3 of the data, expected 4"));
  CHECK(two("[0,4]", "[0,4]").says("neither overlap nor leave holes"));
  CHECK(two("[0,4]", "[5,9]").says("starts at byte 5 of the data, expected 4"));
  const auto one = [&](const std::string& shape, const std::string& offsets) {
    return refused_header(R"({"a":)" + entry("U8", shape, offsets) + "}", data);
  };
  CHECK(one("[8]", "[0,8]").sentence.empty());
  CHECK(one("[4]", "[0,4]").says("the arrays take 4 bytes, the file holds 8"));
  CHECK(one("[9]", "[0,9]").says("bytes 0 to 9 do not lie in the data, which has 8"));
  CHECK(one("[8]", "[8,0]").says("starts at byte 8"));
  CHECK(one("[7]", "[0,8]").says("its shape does not fit its 8 bytes of U8"));
  CHECK(one("[0]", "[0,18446744073709551615]").says("do not lie in the data"));
  CHECK(one("[4294967296,4294967297]", "[0,8]").says("its shape does not fit"));
  CHECK(refused_header("{}", data).says("the arrays take 0 bytes, the file holds 8"));
  // An empty array lies where another one starts.
  CHECK(refused_header(R"({"z":)" + entry("U8", "[8]", "[0,8]") + R"(,"a":)" +
                           entry("U8", "[0]", "[0,0]") + "}",
                       data)
            .sentence.empty());
}

TEST_CASE("content that would not make a file is refused before it is written") {
  const Array a = Array::from(std::vector<Index>{1});
  const auto twice = refusal([&] {
    format_safetensors({.arrays = {{"a", a}, {"a", a}}, .metadata = {}});
  });
  CHECK(twice.says("the name \"a\" is taken twice"));
  CHECK(twice.code == ErrorCode::value);
  CHECK(refusal([&] {
          format_safetensors({.arrays = {{"__metadata__", a}}, .metadata = {}});
        }).says("is taken twice"));
  Array wrong = a;
  wrong.shape = {2};
  const auto shape = refusal([&] {
    format_safetensors({.arrays = {{"w", wrong}}, .metadata = {}});
  });
  CHECK(shape.says("array \"w\": 8 bytes do not fit its shape"));
  CHECK(shape.code == ErrorCode::shape);
  for (const SafeTensors& bad : {SafeTensors{.arrays = {{"\xFF", a}}, .metadata = {}},
                                 SafeTensors{.arrays = {}, .metadata = {{"k", "\xC3"}}}}) {
    const auto refused_text = refusal([&] { format_safetensors(bad); });
    CHECK(refused_text.says("not UTF-8"));
    CHECK(refused_text.code == ErrorCode::value);
  }
}
