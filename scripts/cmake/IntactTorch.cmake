# Integer convolutions for training. LibTorch has a copy of its own that exports nothing; Debian's package file asks for
# OpenCL, which only its GPU engine needs.
find_path(INTACT_ONEDNN_INCLUDE oneapi/dnnl/dnnl.hpp REQUIRED)
find_library(INTACT_ONEDNN_LIBRARY dnnl REQUIRED)

# LibTorch: the distribution's by default (find_package), or the folder in INTACT_TORCH, linked straight. find_package on the folder of a
# CUDA wheel would want a CUDA toolkit; libtorch_cpu and libc10 need none, and find what they need themselves by their own RPATH.
if(INTACT_TORCH)
  if(NOT EXISTS ${INTACT_TORCH}/include/torch/csrc/api/include/torch/torch.h)
    message(FATAL_ERROR "INTACT_TORCH=${INTACT_TORCH}: no include/torch/csrc/api/include/torch/torch.h there; give the folder of LibTorch, "
                        "in a Python environment .../site-packages/torch")
  endif()
  add_library(intact_torch INTERFACE)
  # A wheel brings headers of other libraries too, of versions that we do not link: the system's stand in front of them.
  find_path(INTACT_FMT_INCLUDE fmt/core.h REQUIRED)
  set(system_first ${PROJECT_BINARY_DIR}/system_headers)
  file(MAKE_DIRECTORY ${system_first})
  file(CREATE_LINK ${INTACT_FMT_INCLUDE}/fmt ${system_first}/fmt SYMBOLIC)
  file(CREATE_LINK ${INTACT_ONEDNN_INCLUDE}/oneapi ${system_first}/oneapi SYMBOLIC)
  target_include_directories(intact_torch SYSTEM INTERFACE ${system_first} ${INTACT_TORCH}/include
                             ${INTACT_TORCH}/include/torch/csrc/api/include)
  foreach(lib torch_cpu c10)
    find_library(INTACT_LIB_${lib} ${lib} PATHS ${INTACT_TORCH}/lib NO_DEFAULT_PATH REQUIRED)
    target_link_libraries(intact_torch INTERFACE ${INTACT_LIB_${lib}})
  endforeach()
  target_link_options(intact_torch INTERFACE -Wl,-rpath,${INTACT_TORCH}/lib)
else()
  find_package(Torch REQUIRED)
  add_library(intact_torch INTERFACE)
  target_include_directories(intact_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
  target_link_libraries(intact_torch INTERFACE ${TORCH_LIBRARIES})
endif()
find_package(OpenMP REQUIRED)
# GCC 14 reports LibTorch 2.6's own inlined code; such a report stays a warning.
target_compile_options(intact_torch INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-error=array-bounds>)
# Without OpenMP at::parallel_for runs serially. By its flag, not by the library's path: a wheel brings a libgomp of its own.
target_compile_options(intact_torch INTERFACE ${OpenMP_CXX_FLAGS})
target_link_options(intact_torch INTERFACE ${OpenMP_CXX_FLAGS})

# LibTorch's headers cost 15 to 20 s a translation unit; all targets share one precompiled header.
file(WRITE ${PROJECT_BINARY_DIR}/intact_torch_pch.cpp "// makes the shared precompiled header\n")
add_library(intact_torch_pch STATIC ${PROJECT_BINARY_DIR}/intact_torch_pch.cpp)
target_link_libraries(intact_torch_pch PUBLIC intact_torch)
intact_configure_target(intact_torch_pch)  # a precompiled header is used only under the very options that it was made with
target_precompile_headers(intact_torch_pch PRIVATE ${PROJECT_SOURCE_DIR}/src/quant/libtorch.h)

function(intact_use_torch target)
  target_link_libraries(${target} PUBLIC intact_torch)
  target_precompile_headers(${target} REUSE_FROM intact_torch_pch)
endfunction()
