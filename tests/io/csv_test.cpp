#include <agate/io/csv.hpp>
#include <chrono>
#include <clocale>
#include <cstdlib>

#include "catch.hpp"
#include "data_folder.hpp"
#include "io/samples.hpp"
#include "temporary_folder.hpp"

using namespace agate;
using namespace agate::io;
using namespace io_test;

namespace {

using Cells = std::vector<std::string>;
using Rows = std::vector<Cells>;

Rows rows(const std::string& text, char separator = ',') {
  return parse_csv(text, "x.csv", separator).rows;
}
Refusal refused_csv(const std::string& text, char separator = ',') {
  return refusal([&] { parse_csv(text, "x.csv", separator); });
}

}  // namespace

TEST_CASE("a plain table") {
  const CsvTable table = parse_csv("id,age\nann,31\nbob,42\n", "people.csv");
  CHECK(table.path == "people.csv");
  CHECK(table.columns == Cells{"id", "age"});
  CHECK(table.rows == Rows{{"ann", "31"}, {"bob", "42"}});
  CHECK(table.lines == std::vector<Index>{2, 3});
}

TEST_CASE("line ends, the last line, blank lines and the byte order mark") {
  const Rows expected{{"1", "2"}, {"3", "4"}};
  CHECK(rows("a,b\n1,2\n3,4") == expected);
  CHECK(rows("a,b\r\n1,2\r\n3,4\r\n") == expected);
  CHECK(rows("a,b\r1,2\r3,4\r") == expected);
  CHECK(rows("\xEF\xBB\xBF"
             "a,b\n1,2\n3,4\n") == expected);
  const CsvTable spaced = parse_csv("\n\r\na,b\n\n1,2\n  \t\n\n3,4\n\n", "x.csv");
  CHECK(spaced.rows == expected);
  CHECK(spaced.lines == std::vector<Index>{5, 8});
  CHECK(parse_csv("\xEF\xBB\xBF\"a\",b\n", "x.csv").columns == Cells{"a", "b"});
  CHECK(rows("a,b\n").empty());
  CHECK(rows("a,b").empty());
}

TEST_CASE("empty cells") {
  CHECK(rows("a,b,c\n,,\n1,,\n,,3") == Rows{{"", "", ""}, {"1", "", ""}, {"", "", "3"}});
  CHECK(rows("a\n\"\"\n\n1\n") == Rows{{""}, {"1"}});
}

TEST_CASE("cells are trimmed unless quoted") {
  const CsvTable table = parse_csv(" a ,\" b \"\n x\ty , z\t\n\" p \", \"q\" \n", "x.csv");
  CHECK(table.columns == Cells{"a", "b"});
  CHECK(table.rows == Rows{{"x\ty", "z"}, {" p ", "q"}});
}

TEST_CASE("quoted cells hold separators, quotes and line breaks; lines are still counted") {
  const CsvTable table =
      parse_csv("a,b\n\"x, y\",\"say \"\"hi\"\"\"\n\"two\nlines\r\n\",\"\"\n1,2\n", "x.csv");
  CHECK(table.rows == Rows{{"x, y", "say \"hi\""}, {"two\nlines\r\n", ""}, {"1", "2"}});
  CHECK(table.lines == std::vector<Index>{2, 3, 6});
}

TEST_CASE("a quote inside an unquoted cell is kept") {
  CHECK(rows("a,b\n5\" disk,C\"C\n") == Rows{{"5\" disk", "C\"C"}});
}

TEST_CASE("other separators") {
  CHECK(rows("a;b\n1,5;\"x;y\"\n", ';') == Rows{{"1,5", "x;y"}});
  CHECK(rows("a\tb\tc\n1\t\t 3\n\t\t\n", '\t') == Rows{{"1", "", "3"}, {"", "", ""}});
  const auto semicolons = refused_csv("a;b\n1;2\n");
  CHECK(semicolons.says("x.csv:1: one column; is the separator ';'?"));
  CHECK(semicolons.code == ErrorCode::format);
  CHECK(refused_csv("a\tb\n1\t2\n").says("is the separator a tab?"));
  CHECK(refused_csv("a;b\n1;2\n", ';').sentence.empty());
}

TEST_CASE("what is not a table is refused with its line") {
  CHECK(refused_csv("").says("x.csv: is empty, expected a header"));
  CHECK(refused_csv("\xEF\xBB\xBF \n\n").says("is empty"));
  CHECK(refused_csv("").code == ErrorCode::format);
  CHECK(refused_csv("a,b,c,d\n1,2,3,4\n1,2,3\n")
            .says("x.csv:3: 3 cells, expected 4 as in the header"));
  CHECK(refused_csv("a,b\n1,2,\n").says("x.csv:2: 3 cells, expected 2"));
  CHECK(refused_csv("a,b\n1\n").says("x.csv:2: 1 cell, expected 2"));
  CHECK(refused_csv("a,b\n\"x\ny\",2\n1\n").says("x.csv:4: 1 cell, expected 2"));
  CHECK(
      refused_csv("a,b\n1,2\n3,\"open\n5,6\n").says("x.csv:3: a quote is opened and never closed"));
  CHECK(refused_csv("a,b\n\"x\" y,2\n").says("x.csv:2: text follows a closing quote"));
  CHECK(refused_csv("a,,c\n").says("x.csv:1: column 2 has no name"));
  CHECK(refused_csv("a,b,\n").says("x.csv:1: column 3 has no name"));
  CHECK(refused_csv("\na,b, a \n").says("x.csv:2: two columns are named \"a\""));
  CHECK(refused_csv(std::string("a,b\n1,\0\n", 8)).says("x.csv:2: a NUL byte"));
  CHECK(refused_csv(std::string("\xFF\xFE"
                                "a\0\n\0",
                                6))
            .says("is it UTF-16?"));
}

TEST_CASE("columns are found by name, and a wrong name lists the nearest first") {
  const CsvTable table = parse_csv("id,label,age\n", "people.csv");
  CHECK(table.column("age") == 2);
  CHECK(table.find_column("label") == 1);
  CHECK_FALSE(table.find_column("Label").has_value());
  const auto wrong = refusal([&] { table.column("lable"); });
  CHECK(wrong.says("people.csv: no column \"lable\"; there are: label, "));
  CHECK(wrong.code == ErrorCode::not_found);
  std::string many = "c0";
  for (int i = 1; i < 1000; ++i) many += ",c" + std::to_string(i);
  const auto wide = refusal([&] { parse_csv(many, "x.csv").column("c77x"); });
  CHECK(wide.says("there are: c77, "));
  CHECK(wide.sentence.size() < 300);
}

TEST_CASE("read_csv reads plain and packed files") {
  const TemporaryFolder folder;
  CHECK(read_csv(folder.file("x.csv.gz", csv_gz())).rows == Rows{{"ann", "31"}, {"bob", "42"}});
  CHECK(read_csv(folder.file("x.csv", "a\tb\n1\t2\n"), '\t').rows == Rows{{"1", "2"}});
  const std::string ragged = folder.file("r.csv", "a,b\n1\n");
  CHECK(refusal([&] { read_csv(ragged); }).says(ragged + ":2: 1 cell"));
  CHECK(refusal([&] { read_csv(folder.path("none.csv")); }).code == ErrorCode::not_found);
}

TEST_CASE("a number spans its whole cell and is finite") {
  const std::pair<std::string, double> numbers[] = {
      {"0", 0},        {"-1.5", -1.5},     {"+2", 2},     {"1e3", 1000},
      {"1E-3", 0.001}, {".5", 0.5},        {"5.", 5},     {"007", 7},
      {"0.1", 0.1},    {"1e-310", 1e-310}, {"1e-400", 0}, {"123456789012", 123456789012.0}};
  for (const auto& [text, value] : numbers) {
    INFO(text);
    REQUIRE(parse_number(text).has_value());
    CHECK(*parse_number(text) == value);
  }
  for (const char* text : {"",    " ",    "abc", "1x",       "1 ",    " 1",     "1,5",   "nan",
                           "inf", "-inf", "NaN", "infinity", "1e999", "-1e999", "0x10",  "+-1",
                           "++1", "+",    "-",   ".",        "e5",    "1e",     "1_000", "--1"}) {
    INFO(text);
    CHECK_FALSE(parse_number(text).has_value());
  }
}

TEST_CASE("numbers do not depend on the locale") {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  if (!std::setlocale(LC_ALL, "de_DE.UTF-8")) WARN("skipped: there is no German locale here");
  CHECK(parse_number("1.5") == 1.5);
  CHECK_FALSE(parse_number("1,5").has_value());
  std::setlocale(LC_ALL, before.c_str());
}

TEST_CASE("what is formatted is read again") {
  CHECK(format_csv_row(Cells{"a", "b c", "1.5"}) == "a,b c,1.5\n");
  CHECK(format_csv_row(Cells{"x,y", "say \"hi\"", "two\nlines"}) ==
        "\"x,y\",\"say \"\"hi\"\"\",\"two\nlines\"\n");
  CHECK(format_csv_row(Cells{}) == "\n");
  const Rows all{
      {"", "", ""}, {" x", "y ", "\t"}, {"\"", "\"\"", ",\r\n,"}, {"a\rb", "\xC3\xA9", ";"}};
  std::string text = "a,b,c\n";
  for (const Cells& cells : all) text += format_csv_row(cells);
  CHECK(rows(text) == all);
  CHECK(rows("a\n" + format_csv_row(Cells{""}) + format_csv_row(Cells{"x"})) == Rows{{""}, {"x"}});
}

TEST_CASE("a large table takes time in proportion to its size") {
  std::string text = "source,target,weight\n";
  for (int i = 0; i < 200000; ++i)
    text += std::to_string(i) + "," + std::to_string(i * 7 % 200000) + ",0.5\n";
  const auto start = std::chrono::steady_clock::now();
  CHECK(rows(text).size() == 200000);
  CHECK(rows("a\n\"" + std::string(2'000'000, '\n') + "\"\n").size() == 1);
  std::string quotes = "a\n\"";
  for (int i = 0; i < 1'000'000; ++i) quotes += "\"\"";
  CHECK(rows(quotes + "\"\n")[0][0].size() == 1'000'000);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
}

TEST_CASE("tables of the data collection are read") {
  const char* folder = data_folder();
  if (!folder) return;
  const CsvTable tox21 = read_csv(std::string(folder) + "/molecules/tox21.csv.gz");
  CHECK(tox21.find_column("smiles").has_value());
  CHECK(tox21.rows.size() > 7000);
  CHECK(read_csv(std::string(folder) + "/molecules/SAMPL.csv").rows.size() > 600);
}
