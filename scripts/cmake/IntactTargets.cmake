# intact_library(NAME SOURCES ... [DEPENDS ...] [TORCH]) and intact_test(NAME SOURCES ... [DEPENDS ...] [TORCH]):
# one place for warnings, sanitizers and include folders.

function(intact_configure_target target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wcast-align -Wundef)
  if(INTACT_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(INTACT_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=address,undefined -fno-sanitize-recover=all
                           -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=address,undefined)
  endif()
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
endfunction()

function(intact_library target)
  cmake_parse_arguments(arg "TORCH" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(${target} STATIC ${arg_SOURCES})
  target_link_libraries(${target} PUBLIC ${arg_DEPENDS})
  intact_configure_target(${target})
  if(arg_TORCH)
    intact_use_torch(${target})
  endif()
endfunction()

function(intact_test target)
  cmake_parse_arguments(arg "TORCH" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE ${arg_DEPENDS} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${target} PRIVATE INTACT_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                             INTACT_BINARY_DIR="${PROJECT_BINARY_DIR}")
  intact_configure_target(${target})
  if(arg_TORCH)
    intact_use_torch(${target})
  endif()
  gtest_discover_tests(${target} DISCOVERY_TIMEOUT 120 PROPERTIES TIMEOUT 600)
endfunction()
