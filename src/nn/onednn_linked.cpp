// oneDNN linked as any other library.
#include "nn/onednn_products.h"

namespace intact {

const OnednnProducts& onednn_products() {
  return intact_onednn_products;
}

}  // namespace intact
