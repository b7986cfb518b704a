#include <agate/io/npz.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include "catch.hpp"
#include "data/npz_writer.hpp"
#include "data_folder.hpp"
#include "io/samples.hpp"
#include "temporary_folder.hpp"

using namespace agate;
using namespace agate::io;
using namespace io_test;

namespace {

const std::string numpy_file = AGATE_SOURCE_DIR "/tests/golden/numpy.npz";

std::vector<Real> values_of(const Array& array) {
  const Tensor t = array.as_tensor("a");
  return {t.values().begin(), t.values().end()};
}
Refusal refused_archive(const std::string& bytes) {
  return refusal([&] { parse_npy(bytes, "x.npy"); });
}
Refusal refused_npz(const std::string& bytes) {
  return refusal([&] { parse_npz(bytes, "x.npz"); });
}
std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

}  // namespace

TEST_CASE("an archive that numpy wrote is read: all types, orders, versions, packed or not") {
  const auto arrays = read_npz(numpy_file);
  const std::pair<std::string, DType> types[] = {
      {"f2", DType::f16}, {"f4", DType::f32}, {"f8", DType::f64}, {"i1", DType::i8},
      {"i2", DType::i16}, {"i4", DType::i32}, {"i8", DType::i64}, {"u1", DType::u8},
      {"u2", DType::u16}, {"u4", DType::u32}, {"u8", DType::u64}};
  for (const auto& [name, type] : types) {
    INFO(name);
    REQUIRE(arrays.contains(name));
    CHECK(arrays.at(name).type == type);
    CHECK(arrays.at(name).shape == std::vector<Index>{2, 3});
    CHECK(values_of(arrays.at(name)) == std::vector<Real>{0, 1, 2, 3, 4, 5});
  }
  CHECK(arrays.at("b1").type == DType::boolean);
  CHECK(arrays.at("b1").as_indices("b1") == std::vector<Index>{1, 0, 1});
  CHECK(arrays.at("scalar").shape.empty());
  CHECK(arrays.at("scalar").as_indices("scalar") == std::vector<Index>{-7});
  CHECK(arrays.at("empty").shape == std::vector<Index>{0, 5});
  CHECK(arrays.at("fortran").shape == std::vector<Index>{2, 3, 4});
  std::vector<Index> counting(24);
  for (Index i = 0; i < 24; ++i) counting[static_cast<std::size_t>(i)] = i;
  CHECK(arrays.at("fortran").as_indices("fortran") == counting);
  const auto half = values_of(arrays.at("half"));
  CHECK(half[0] == Real(1.5));
  CHECK(std::signbit(half[1]));
  CHECK(half[2] == 65504);
  CHECK(half[3] == Approx(6e-8).epsilon(0.01));
  CHECK(std::isinf(half[4]));
  CHECK(std::isnan(half[5]));
  // Text is left out, and nothing else.
  CHECK_FALSE(arrays.contains("names"));
  CHECK_FALSE(arrays.contains("bytes"));
  CHECK(arrays.size() == 16);
}

TEST_CASE("npy headers are read as Python would read them") {
  const std::string four(4, '\0');
  const auto shape = [&](const std::string& header, const std::string& data) {
    return parse_npy(npy(header, data), "x").shape;
  };
  using Extents = std::vector<Index>;
  CHECK(shape("{'shape':(2,),'fortran_order':False,'descr':'<i2'}", four) == Extents{2});
  CHECK(shape("{ \"descr\" : \"|u1\" , 'fortran_order': True, 'shape': (2 , 2) }  \n", four) ==
        Extents{2, 2});
  CHECK(shape("{'descr': '=f4', 'fortran_order': False, 'shape': (1L, 1L), }", four) ==
        Extents{1, 1});
  CHECK(shape("{'descr': '>i1', 'fortran_order': False, 'shape': (4,), }", four) == Extents{4});
  CHECK(shape("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 3), }", "") == Extents{0, 3});
}

TEST_CASE("Fortran order is turned for every item size, also in one column or row") {
  const auto parse = [](const std::string& descr, const std::string& shape,
                        const std::string& data) {
    return parse_npy(
               npy("{'descr': '" + descr + "', 'fortran_order': True, 'shape': " + shape + ", }",
                   data),
               "x")
        .bytes;
  };
  CHECK(parse("|u1", "(2, 3)", "abcdef") == "acebdf");
  CHECK(parse("<u2", "(2, 3)", "aabbccddeeff") == "aacceebbddff");
  CHECK(parse("<u4", "(2, 2)", "aaaabbbbccccdddd") == "aaaaccccbbbbdddd");
  CHECK(parse("<u8", "(2, 1)", "aaaaaaaabbbbbbbb") == "aaaaaaaabbbbbbbb");
  CHECK(parse("|u1", "(1, 3)", "abc") == "abc");
  CHECK(parse("|u1", "(3,)", "abc") == "abc");
  CHECK(parse("|u1", "(2, 0)", "").empty());
}

TEST_CASE("elements that are no numbers of ours are refused by name") {
  const auto of = [](const std::string& descr) {
    return refused_archive(npy_of(descr, "(1,)", "12345678"));
  };
  CHECK(of("|O").says("x.npy: holds pickled Python objects"));
  CHECK(of(">f8").says("elements '>f8' are not little-endian"));
  CHECK(of("<c8").says("elements '<c8' are not supported"));
  CHECK(of("<M8[ns]").says("'<M8[ns]' are not supported"));
  CHECK(of("|V8").says("'|V8' are not supported"));
  CHECK(of("<f16").says("'<f16' are not supported"));
  CHECK(of("f8").says("'f8' are not supported"));
  CHECK(of("").says("'' are not supported"));
  CHECK(of("<U2").says("x.npy: holds text, expected numbers"));
  CHECK(of("|S8").says("holds text"));
  CHECK(of(">f8").code == ErrorCode::format);
  const std::string structured =
      "{'descr': [('a', '<f4'), ('b', '<i4')], 'fortran_order': False, 'shape': (1,), }";
  CHECK(refused_archive(npy(structured, "12345678")).says("structured elements are not supported"));
}

TEST_CASE("damaged npy images are refused") {
  const std::string good = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }";
  REQUIRE(refused_archive(npy(good, "1234")).sentence.empty());
  CHECK(refused_archive("").says("x.npy: is not an npy array"));
  CHECK(refused_archive("PK\3\4 and so on").says("is not an npy array"));
  CHECK(refused_archive(npy(good, "1234", 4)).says("npy version 4, known are 1, 2 and 3"));
  CHECK(refused_archive(npy(good, "1234", 2).substr(0, 11)).says("ends within the npy header"));
  CHECK(refused_archive(npy(good, "1234").substr(0, 30)).says("there are 20"));
  CHECK(refused_archive(npy(good, "123")).says("3 bytes of '<f4' do not fit the shape"));
  CHECK(refused_archive(npy(good, "12345")).says("5 bytes of '<f4' do not fit the shape"));
  CHECK(refused_archive("\x93NUMPY\2" + std::string(1, '\0') + "\xFF\xFF\xFF\xFF{}")
            .says("an npy header of 4294967295 bytes, at most 1048576 are allowed"));
  const auto with = [&](const std::string& from, const std::string& to) {
    return refused_archive(npy(replaced(good, from, to), "1234"));
  };
  CHECK(with("{", "").says("the npy header is damaged, expected {"));
  CHECK(with("}", "").says("the npy header is damaged, expected ' at its end"));
  CHECK(with("}", "} x").says("something follows the npy header"));
  CHECK(with("'<f4'", "'<f4").code == ErrorCode::format);
  CHECK(with("'<f4'", "4").says("expected '"));
  CHECK(with("False", "0").says("fortran_order is no boolean"));
  CHECK(with("(1,)", "1").says("expected ("));
  CHECK(with("(1,)", "(-1,)").says("the shape holds no size"));
  CHECK(with("(1,)", "(99999999999999999999,)").says("the shape holds no size"));
  CHECK(with("(1,)", "(4294967296, 4294967296, 4)").says("do not fit the shape"));
  CHECK(with("(1,)", "(1,,)").says("the shape holds no size"));
  CHECK(with("'shape': (1,), ", "").says("lacks descr, fortran_order or shape"));
  CHECK(with("'descr': '<f4', ", "").says("lacks descr"));
  CHECK(with("'shape'", "'extent'").says("unknown key \"extent\""));
  CHECK(with("'shape'", "'descr': '<f4', 'shape'").says("has descr twice"));
}

TEST_CASE("damaged and hostile archives are refused") {
  CHECK(refused_npz("").says("x.npz: is empty, expected a zip archive"));
  CHECK(refused_npz("id,age\nann,31\n").says("x.npz: is not a whole zip archive: Not a zip"));
  CHECK(refused_npz("id,age\n").code == ErrorCode::format);
  const std::string whole = NpzWriter().add("y", {2}, std::vector<std::int64_t>{1, 2}).bytes();
  REQUIRE(refused_npz(whole).sentence.empty());
  CHECK(refused_npz(whole.substr(0, whole.size() / 2)).says("is not a whole zip archive"));
  // The first element lies behind a local header of 35 bytes and an npy header of 128.
  std::string flipped = whole;
  flipped[35 + 128] ^= 1;
  CHECK(refused_npz(flipped).says("x.npz: member y.npy cannot be unpacked: CRC error"));
  CHECK(refused_npz(replaced(whole, "y.npy", "y.txt")).says("member y.txt is not an npy array"));
  const std::string twice = NpzWriter()
                                .add("y", {0}, std::vector<std::int64_t>{})
                                .add("z", {0}, std::vector<std::int64_t>{})
                                .bytes();
  CHECK(refused_npz(replaced(twice, "z.npy", "y.npy")).says("member y.npy is there twice"));
  CHECK(parse_npz(NpzWriter().bytes(), "none.npz").empty());
}

TEST_CASE("a member that claims more than it can hold is refused before memory is taken") {
  const std::string whole = NpzWriter().add("y", {2}, std::vector<std::int64_t>{1, 2}).bytes();
  const std::size_t directory = whole.find("PK\1\2");
  const auto claim = [&](std::size_t field, const std::string& value) {
    std::string bytes = whole;
    bytes.replace(directory + field, value.size(), value);
    return refused_npz(bytes);
  };
  constexpr std::size_t method = 10, packed = 20, unpacked = 24;
  CHECK(claim(unpacked, {"\xF0\xFF\xFF\x7F", 4}).says("144 bytes cannot unpack to 2147483632"));
  CHECK(claim(method, {"\x0C\0", 2}).says("is packed by method 12"));
  CHECK(claim(packed, {"\xF0\xFF\xFF\x7F", 4}).code == ErrorCode::format);
}

TEST_CASE("a file that is not there is not found") {
  CHECK(refusal([] { read_npz("/no/such/file.npz"); }).code == ErrorCode::not_found);
}

TEST_CASE("every npz file of the data collection is read") {
  const char* folder = data_folder();
  if (!folder) return;
  int files = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.path().extension() != ".npz" || file.file_size() > 4'000'000) continue;
    INFO(file.path());
    const auto arrays = read_npz(file.path().string());
    CHECK_FALSE(arrays.empty());
    for (const auto& [name, array] : arrays)
      CHECK(array.bytes.size() == item_size(array.type) * static_cast<std::size_t>(array.size()));
    ++files;
  }
  CHECK(files > 0);
}
