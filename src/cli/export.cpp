// intact export RUN [--out FILE] [--target NAME] [--scratch BYTES] [--stream] [--format blob|c]
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/export_run.h"
#include "cli/json_file.h"
#include "cli/verbs.h"
#include "config/load.h"
#include "core/error.h"

namespace intact {
namespace {

struct Options {
  std::string run, out, json;
  std::string target = "generic", format = "blob";
  LowerOptions lower;
};

// The targets' names and the cores'.
std::string check_target(const std::string& name) {
  try {
    target_of_core(name);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

int run_export(const Options& o) {
  const RunFolder folder{o.run};
  LowerOptions lower = o.lower;
  lower.target = target_of_core(o.target);
  const ExportResult result = export_run(folder, o.out.empty() ? folder.blob() : std::filesystem::path(o.out),
                                         lower, o.format == "c" ? CFormat::kWithKernels : CFormat::kArray);
  std::FILE* const text = text_output(o.json);
  std::fprintf(
      text, "%s: for %s, %zu bytes of flash, %u bytes of arena, %lld MACs, %d golden vectors, integers %s\n",
      result.blob.c_str(), std::string(to_string(result.target)).c_str(), result.flash_bytes,
      result.arena_bytes, static_cast<long long>(result.macs), result.golden_vectors,
      to_hex(result.hash).c_str());
  std::fprintf(text, "%s, %s: the same as a C array%s\n", result.source.c_str(), result.header.c_str(),
               o.format == "c" ? ", with the list of its kernels for intact_init_with" : "");
  if (!result.finished) {
    std::fprintf(
        stderr,
        "warning: training is not finished; these are the integers of its last checkpoint (go on with: "
        "intact train %s --resume)\n",
        o.run.c_str());
  }
  nlohmann::ordered_json json{{"blob", result.blob.string()},
                              {"c_source", result.source.string()},
                              {"c_header", result.header.string()},
                              {"format", o.format},
                              {"target", to_string(result.target)},
                              {"stream", lower.stream},
                              {"flash_bytes", result.flash_bytes},
                              {"arena_bytes", result.arena_bytes},
                              {"macs", result.macs},
                              {"golden_vectors", result.golden_vectors},
                              {"finished", result.finished},
                              {"integers", to_hex(result.hash)}};
  write_json(o.json, json);
  return kExitDone;
}

}  // namespace

void add_export(CLI::App& app, int& exit_code) {
  auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("export", "Lower a trained run to a blob and a C array");
  verb->add_option("run", o->run, "Run folder")->required();
  verb->add_option("--out", o->out,
                   "Blob file; default: RUN/model.blob. The C array is written beside it (.c, .h)");
  verb->add_option(
          "--target", o->target,
          "Core whose kernels to plan for: generic, cortex-m4, cortex-m55, cortex-m0, cortex-m3, rv32 "
          "(or cortex-m7, cortex-m33). The blob runs on all others too, with the same integers")
      ->check(CLI::Validator(check_target, "NAME"))
      ->capture_default_str();
  verb->add_option("--scratch", o->lower.scratch_limit,
                   "Bytes of the arena that a fast kernel may take for itself while it runs")
      ->check(CLI::Range(0, 1 << 30))
      ->capture_default_str();
  verb->add_flag(
      "--stream", o->lower.stream,
      "Run layers together in bands of rows where that makes the arena smaller, for more instructions "
      "(docs/FIRMWARE.md). The integers stay the same; versions before format 1.2 refuse such a blob");
  verb->add_option(
          "--format", o->format,
          "blob: the C array alone; c: the C source also lists the kernels that the model refers to, so "
          "that a linker drops the others (docs/FIRMWARE.md)")
      ->check(CLI::IsMember({"blob", "c"}))
      ->capture_default_str();
  verb->add_option("--json", o->json, "Write the result as JSON to this file (-: standard output)");
  verb->callback([o, &exit_code] { exit_code = run_export(*o); });
}

}  // namespace intact
