#include <sys/resource.h>

#include <agate/io/csv.hpp>
#include <agate/io/graph_file.hpp>
#include <agate/io/npz.hpp>
#include <agate/io/safetensors.hpp>
#include <agate/models/foreign_weights.hpp>
#include <agate/models/model_file.hpp>
#include <agate/models/weights.hpp>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>

#include "catch.hpp"
#include "data/npz_writer.hpp"
#include "io/gzip.hpp"
#include "io/samples.hpp"
#include "temporary_folder.hpp"

using namespace agate;
using namespace agate::io;
using namespace io_test;

namespace {

using Parser = std::function<void(const std::string&)>;

// The address sanitizer keeps what was freed.
#if defined(__SANITIZE_ADDRESS__)
constexpr long most_growth = 1024 * 1024;
#else
constexpr long most_growth = 64 * 1024;
#endif

long peak_kilobytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

/// Of the processor: a busy machine is not a slow parser.
double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// Hands the parser damaged bytes: it must accept them or throw an Error, soon.
void feed(const Parser& parse, const std::string& bytes, const std::string& what) {
  const double start = seconds();
  try {
    parse(bytes);
  } catch (const Error& error) {
    if (std::string(error.what()).empty()) FAIL("an empty sentence for " << what);
  } catch (const std::exception& error) {
    FAIL(what << " threw something else: " << error.what());
  }
  if (seconds() - start > 1) FAIL(what << " is slow");
}

/// Cuts the bytes at every place, and sets each byte and each pair of bytes to extremes.
void damage(const Parser& parse, const std::string& whole) {
  CHECK_NOTHROW(parse(whole));
  const long before = peak_kilobytes();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const std::string place = " at byte " + std::to_string(i);
    feed(parse, whole.substr(0, i), "a cut" + place);
    feed(parse, whole.substr(i), "a missing start" + place);
    for (const char byte : {'\0', '\x7F', '\xFF', static_cast<char>(whole[i] ^ 1), '"', '9'}) {
      std::string damaged = whole;
      damaged[i] = byte;
      feed(parse, damaged, "a wrong byte" + place);
      if (i + 1 < whole.size()) damaged[i + 1] = byte;
      feed(parse, damaged, "two wrong bytes" + place);
    }
  }
  CHECK(peak_kilobytes() - before < most_growth);
}

}  // namespace

TEST_CASE("damaged safetensors give an Error or something readable") {
  damage([](const std::string& bytes) { parse_safetensors(bytes, "x"); },
         format_safetensors(two_arrays()));
}

TEST_CASE("damaged models and weights give an Error or something readable") {
  // Small, so that every byte can be cut at and set to extremes.
  models::ModelConfig config{.model = "gat", .in = 2, .out = 2};
  config.layers = config.heads = 1;
  config.hidden = 2;
  const TemporaryFolder folder;
  const std::string path = folder.path("m.safetensors");
  models::save_model(path, {.model = models::make_model(config, 1), .classes = {"a", "b"}});
  const std::string saved = slurp(path);
  damage([](const std::string& bytes) { models::parse_model(bytes, "x"); }, saved);
  models::save_weights(path, *models::make_model(config, 1));
  damage(
      [](const std::string& bytes) {
        const auto file = parse_safetensors(bytes, "x");
        models::model_of_state_dict(file, "x", models::guess_config(file, "x"));
      },
      slurp(path));
  // From the file, every length.
  const long before = peak_kilobytes();
  for (std::size_t n = 0; n < saved.size(); ++n) {
    std::ofstream(path, std::ios::binary) << saved.substr(0, n);
    CHECK(refusal([&] { models::load_model(path); }).code == ErrorCode::format);
  }
  CHECK(peak_kilobytes() - before < most_growth);
}

TEST_CASE("files that promise more than they hold cost neither time nor memory") {
  const TemporaryFolder folder;
  const std::string path = folder.path("m.safetensors");
  const long before = peak_kilobytes();
  const double start = seconds();
  auto refused = [&](const std::string& head, std::uintmax_t size) {
    std::ofstream(path, std::ios::binary) << head;
    std::filesystem::resize_file(path, size);  // the rest is a hole
    const Refusal r = refusal([&] { models::load_model(path); });
    CHECK(r.code == ErrorCode::format);
    CHECK(r.says(path));
  };
  constexpr std::uintmax_t terabyte = std::uintmax_t{1} << 40;
  refused("", terabyte);
  refused(safetensors("{}", ""), terabyte);
  refused(std::string(8, '\xFF'), terabyte);
  refused(safetensors(R"({"a":{"dtype":"F32","shape":[9],"data_offsets":[0,36]}})", ""), terabyte);
  std::string extents;
  for (int k = 0; k < 1 << 20; ++k) extents += "1,";
  refused(safetensors(R"({"a":{"dtype":"U8","shape":[)" + extents + R"(1],"data_offsets":[0,1]}})",
                      "x"),
          extents.size() + 60 + 8);
  // Extents without elements: a file of nothing that tells of a model of everything.
  const auto nothing = parse_safetensors(
      safetensors(
          R"({"convs.0.lin.weight":{"dtype":"F32","shape":[8,5],"data_offsets":[0,160]},)"
          R"("convs.1.lin.weight":{"dtype":"F32","shape":[4000000000,0],"data_offsets":[160,160]}})",
          std::string(160, '\0')),
      "x");
  CHECK(refusal([&] {
          models::model_of_state_dict(nothing, "x", models::guess_config(nothing, "x"));
        }).says("the file holds 40"));
  CHECK(seconds() - start < 1);
  CHECK(peak_kilobytes() - before < most_growth);
}

TEST_CASE("damaged npy images give an Error or something readable") {
  const Parser parse = [](const std::string& bytes) {
    const Array array = parse_npy(bytes, "x");
    array.as_tensor("x");
  };
  damage(parse, npy_of("<f4", "(2, 3)", std::string(24, '\1')));
  damage(parse, npy("{'descr': '<i2', 'fortran_order': True, 'shape': (2, 2, 2), }\n",
                    std::string(16, '\1'), 2));
}

TEST_CASE("damaged npz archives give an Error or something readable") {
  const Parser parse = [](const std::string& bytes) { parse_npz(bytes, "x"); };
  damage(parse, NpzWriter()
                    .add("x", {2, 2}, std::vector<float>{1, 2, 3, 4})
                    .add("y", {2}, std::vector<std::int64_t>{0, 1})
                    .bytes());
  damage(parse, slurp(AGATE_SOURCE_DIR "/tests/golden/numpy.npz"));
}

TEST_CASE("damaged gzip and CSV give an Error or something readable") {
  damage(
      [](const std::string& bytes) {
        parse_csv(is_gzip(bytes) ? gunzip(bytes, "x", 1 << 20) : bytes, "x");
      },
      csv_gz());
  damage([](const std::string& bytes) { parse_csv(bytes, "x"); },
         "\xEF\xBB\xBF"
         "id, \"a \"\"b\"\"\",c\r\nann,\"1\r\n2\", 3\n\n,,\n\"\",\" \",x\"y\n");
}

TEST_CASE("damaged graph files give an Error or something readable") {
  damage([](const std::string& text) { parse_graphml(text, "x"); }, small_graphml());
  damage([](const std::string& text) { parse_dot(text, "x"); }, small_dot());
  damage([](const std::string& text) { parse_node_link(text, "x"); }, small_node_link());
}
