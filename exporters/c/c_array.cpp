#include "exporters/c/c_array.h"

#include <algorithm>
#include <string_view>

#include "core/error.h"
#include "exporters/blob/blob_reader.h"
#include "exporters/c/kernel_list.h"
#include "exporters/passes/tensor_memory.h"

namespace intact {
namespace {

constexpr std::size_t kBytesPerLine = 16;

// ASCII only, whatever the locale: identifiers of C99 without universal character names.
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char to_capital(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

void check_symbol(const std::string& symbol) {
  const bool valid =
      !symbol.empty() && is_letter(symbol[0]) &&
      std::all_of(symbol.begin(), symbol.end(), [](char c) { return is_letter(c) || is_digit(c); });
  if (!valid)
    throw Error("'" + symbol + "' is no C identifier: letters, digits and underscores, not a digit first");
}

std::string define(const std::string& prefix, std::string_view name, const std::string& value) {
  return "#define " + prefix + "_" + std::string(name) + " " + value + "\n";
}

std::string define_tensor(const std::string& prefix, const std::string& which, const TensorInfo& tensor) {
  const auto with_suffix = [](std::int64_t n) { return std::to_string(n) + "u"; };
  return define(prefix, which + "_HEIGHT", with_suffix(tensor.shape.h)) +
         define(prefix, which + "_WIDTH", with_suffix(tensor.shape.w)) +
         define(prefix, which + "_CHANNELS", with_suffix(tensor.shape.c)) +
         define(prefix, which + "_BYTES", with_suffix(tensor_bytes(tensor)));
}

std::string make_header(const BlobContents& contents, std::size_t bytes, const std::string& symbol,
                        CFormat format) {
  std::string prefix = symbol;
  std::transform(prefix.begin(), prefix.end(), prefix.begin(), to_capital);
  const Graph& graph = contents.lowered.graph;
  const TensorInfo& input = graph.tensors.front();
  const TensorInfo& output = graph.tensors.back();
  std::string text = "/* An Intact model as a C array. Made by Intact; do not edit. */\n";
  text += "#ifndef " + prefix + "_H\n#define " + prefix + "_H\n\n";
  text += "/* Bytes of the array. */\n" + define(prefix, "LENGTH", std::to_string(bytes) + "ul");
  text += "/* Bytes of the arena that intact_init wants, at an address that is a multiple of 16. */\n" +
          define(prefix, "ARENA_BYTES", std::to_string(contents.lowered.arena_bytes) + "ul");
  text +=
      "/* The input: height x width x channels unsigned bytes. */\n" + define_tensor(prefix, "INPUT", input);
  text += "/* The output, as it lies in the arena. */\n" + define_tensor(prefix, "OUTPUT", output);
  text += "/* Names the trained integers that the model was made of. */\n" +
          define(prefix, "STATE_HASH", std::string("\"") + to_hex(contents.state_hash) + "\"");
  text += "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  text += "extern const unsigned char " + symbol + "[" + prefix + "_LENGTH]; /* at a multiple of 16 */\n\n";
  if (format == CFormat::kWithKernels) {
    text += "/* The kernels that the model refers to; intact_init_with takes it. */\n";
    text += "extern const struct intact_kernel_set " + symbol + "_kernels;\n\n";
  }
  text += "#ifdef __cplusplus\n}\n#endif\n\n#endif\n";
  return text;
}

// The alignment in whichever way the compiler has: C11, C++11, GNU C and its kin, IAR, Microsoft.
constexpr std::string_view kAlignment = R"(#if defined(__cplusplus) && __cplusplus >= 201103L
#define MODEL_ALIGN16 alignas(16)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define MODEL_ALIGN16 _Alignas(16)
#elif defined(__GNUC__) || defined(__clang__) || defined(__CC_ARM) || defined(__TI_ARM__)
#define MODEL_ALIGN16 __attribute__((aligned(16)))
#elif defined(__ICCARM__) || defined(__ICCRISCV__)
#define MODEL_ALIGN16 _Pragma("data_alignment=16")
#elif defined(_MSC_VER)
#define MODEL_ALIGN16 __declspec(align(16))
#else
#error "tell this compiler how to align an array to 16 bytes"
#endif
)";

std::string make_source(std::span<const std::uint8_t> blob, const std::string& symbol,
                        const std::string& header_name, const std::string& kernels) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "/* Made by Intact; do not edit. */\n#include \"" + header_name + "\"\n\n";
  if (!kernels.empty())
    text += "#include \"runtime/intact_isa.h\"\n#include \"runtime/intact_kernels.h\"\n\n";
  text += kAlignment;
  text += "\nMODEL_ALIGN16 const unsigned char " + symbol + "[] = {\n";
  text.reserve(text.size() + blob.size() * 6 + 64);
  for (std::size_t i = 0; i < blob.size(); ++i) {
    text += i % kBytesPerLine == 0 ? "  0x" : " 0x";
    text += kDigits[blob[i] >> 4];
    text += kDigits[blob[i] & 15];
    text += i + 1 == blob.size() ? "" : ",";
    if (i % kBytesPerLine == kBytesPerLine - 1 || i + 1 == blob.size()) text += '\n';
  }
  text += "};\n";
  if (!kernels.empty()) text += "\n" + kernels;
  return text;
}

}  // namespace

CArray blob_to_c(std::span<const std::uint8_t> blob, const std::string& symbol,
                 const std::string& header_name, CFormat format) {
  check_symbol(symbol);
  if (header_name.find_first_of("\"\\\n") != std::string::npos) {
    throw Error("'" + header_name +
                "' cannot stand in an #include: a quote, a backslash or a line end in it");
  }
  const BlobContents contents = read_blob(blob);
  const std::span<const std::uint8_t> whole = blob.first(contents.bytes);
  const std::string kernels =
      format == CFormat::kWithKernels ? kernel_list(contents, symbol + "_kernels") : std::string();
  return {make_header(contents, whole.size(), symbol, format),
          make_source(whole, symbol, header_name, kernels)};
}

}  // namespace intact
