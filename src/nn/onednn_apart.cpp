// oneDNN in a shared library apart, which looks for symbols in itself and in the system's oneDNN before it
// looks in LibTorch. Weak symbols of oneDNN that libtorch_cpu exports (the instances of std::call_once that
// set up its matrix products) would otherwise take the place of the system's: they fill LibTorch's tables and
// leave the system's empty.
#include <dlfcn.h>

#include "core/error.h"
#include "nn/onednn_products.h"

namespace intact {
namespace {

const OnednnProducts* load() {
  void* library = dlopen(INTACT_ONEDNN_APART, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
  void* products = library == nullptr ? nullptr : dlsym(library, "intact_onednn_products");
  if (products == nullptr) throw Error(std::string("cannot load integer convolutions: ") + dlerror());
  return static_cast<const OnednnProducts*>(products);
}

}  // namespace

const OnednnProducts& onednn_products() {
  static const OnednnProducts* const products = load();
  return *products;
}

}  // namespace intact
