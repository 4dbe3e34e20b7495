# Cross-built firmware: intact_firmware_core() describes a core, intact_firmware() links a program for it. Both do nothing where the
# cross compiler is missing or INTACT_FIRMWARE_FROM names another build. Each core has one archive of the runtime, the board's start code and semihosting.

# Firmware is the same in every build type, with sanitizers on this machine or without: a second build folder takes the first one's.
set(INTACT_FIRMWARE_FROM "" CACHE PATH "Build folder whose firmware is used; empty: build it here")
if(INTACT_FIRMWARE_FROM)
  set(INTACT_FIRMWARE_DIR ${INTACT_FIRMWARE_FROM}/firmware CACHE INTERNAL "Folder of the cross-built programs")
  if(NOT IS_DIRECTORY ${INTACT_FIRMWARE_DIR})
    message(FATAL_ERROR "INTACT_FIRMWARE_FROM: no folder ${INTACT_FIRMWARE_DIR}; build ${INTACT_FIRMWARE_FROM} first")
  endif()
else()
  set(INTACT_FIRMWARE_DIR ${PROJECT_BINARY_DIR}/firmware CACHE INTERNAL "Folder of the cross-built programs")
endif()

# Further arguments: INCLUDES folders, DEPENDS generated files.
function(intact_firmware_compile core source object)
  cmake_parse_arguments(arg "" "" "INCLUDES;DEPENDS" ${ARGN})
  list(TRANSFORM arg_INCLUDES PREPEND -I)
  get_property(compiler GLOBAL PROPERTY INTACT_FIRMWARE_${core}_COMPILER)
  get_property(flags GLOBAL PROPERTY INTACT_FIRMWARE_${core}_FLAGS)
  get_filename_component(folder ${object} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(OUTPUT ${object}
    COMMAND ${compiler} ${flags} -I${PROJECT_SOURCE_DIR}/src -I${PROJECT_SOURCE_DIR}
            ${arg_INCLUDES} -MD -MF ${object}.d -c ${source}
            -o ${object}
    DEPENDS ${source} ${arg_DEPENDS}
    DEPFILE ${object}.d
    VERBATIM)
endfunction()

# intact_firmware_core(CORE COMPILER path AR path FLAGS ... SCRIPT linker.ld ENTRY symbol SOURCES board sources)
function(intact_firmware_core core)
  cmake_parse_arguments(arg "" "COMPILER;AR;SCRIPT;ENTRY" "FLAGS;SOURCES" ${ARGN})
  if(INTACT_FIRMWARE_FROM)
    return()
  endif()
  if(NOT arg_COMPILER)
    message(STATUS "Firmware for ${core}: no cross compiler, left out")
    return()
  endif()
  set(flags ${arg_FLAGS} -O3 -std=c99 -ffreestanding -ffunction-sections -fdata-sections
      -fno-tree-loop-distribute-patterns -Wall -Wextra -Wshadow -Wundef)
  if(INTACT_WERROR)
    list(APPEND flags -Werror)
  endif()
  get_filename_component(script_folder ${arg_SCRIPT} DIRECTORY)
  set_property(GLOBAL PROPERTY INTACT_FIRMWARE_${core}_COMPILER ${arg_COMPILER})
  set_property(GLOBAL PROPERTY INTACT_FIRMWARE_${core}_FLAGS ${flags})
  set_property(GLOBAL PROPERTY INTACT_FIRMWARE_${core}_LINK ${arg_FLAGS} -nostdlib -static -Wl,--gc-sections
               -Wl,-z,noexecstack -Wl,-u,${arg_ENTRY} -L ${script_folder} -T ${arg_SCRIPT})
  set_property(GLOBAL PROPERTY INTACT_FIRMWARE_${core}_SCRIPT ${arg_SCRIPT})
  get_target_property(runtime_sources intact_runtime SOURCES)
  get_target_property(runtime_folder intact_runtime SOURCE_DIR)
  set(objects)
  foreach(source ${runtime_sources} ${arg_SOURCES})
    set(path ${source})
    if(NOT IS_ABSOLUTE ${source})
      set(path ${runtime_folder}/${source})
    endif()
    file(RELATIVE_PATH name ${PROJECT_SOURCE_DIR}/src ${path})
    set(object ${CMAKE_CURRENT_BINARY_DIR}/${core}/${name}.o)
    intact_firmware_compile(${core} ${path} ${object})
    list(APPEND objects ${object})
  endforeach()
  set(archive ${CMAKE_CURRENT_BINARY_DIR}/${core}/libintact.a)
  add_custom_command(OUTPUT ${archive}
    COMMAND ${CMAKE_COMMAND} -E rm -f ${archive}
    COMMAND ${arg_AR} rcs ${archive} ${objects}
    DEPENDS ${objects}
    VERBATIM)
  add_custom_target(intact_firmware_${core} DEPENDS ${archive})
  # For programs whose sources are made later: compiles and links C sources with the archive. Further arguments: sources, -I, -o.
  get_property(link GLOBAL PROPERTY INTACT_FIRMWARE_${core}_LINK)
  list(JOIN flags "' '" quoted_flags)
  list(JOIN link "' '" quoted_link)
  file(MAKE_DIRECTORY ${INTACT_FIRMWARE_DIR})
  file(WRITE ${INTACT_FIRMWARE_DIR}/link-${core}.sh
       "exec '${arg_COMPILER}' '${quoted_flags}' '${quoted_link}' '-I${PROJECT_SOURCE_DIR}/src' \"$@\" '${archive}' -lgcc\n")
  set_property(GLOBAL PROPERTY INTACT_FIRMWARE_${core}_ARCHIVE ${archive})
endfunction()

# intact_firmware(NAME CORE sources [INCLUDES folders] [DEPENDS generated files]): NAME.elf in INTACT_FIRMWARE_DIR. All paths absolute.
function(intact_firmware name core)
  cmake_parse_arguments(arg "" "" "INCLUDES;DEPENDS" ${ARGN})
  get_property(compiler GLOBAL PROPERTY INTACT_FIRMWARE_${core}_COMPILER)
  if(NOT compiler)
    return()
  endif()
  get_property(link GLOBAL PROPERTY INTACT_FIRMWARE_${core}_LINK)
  get_property(script GLOBAL PROPERTY INTACT_FIRMWARE_${core}_SCRIPT)
  get_property(archive GLOBAL PROPERTY INTACT_FIRMWARE_${core}_ARCHIVE)
  set(objects)
  foreach(source ${arg_UNPARSED_ARGUMENTS})
    get_filename_component(file ${source} NAME)
    set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}/${file}.o)
    intact_firmware_compile(${core} ${source} ${object} INCLUDES ${arg_INCLUDES} DEPENDS ${arg_DEPENDS})
    list(APPEND objects ${object})
  endforeach()
  file(MAKE_DIRECTORY ${INTACT_FIRMWARE_DIR})
  set(elf ${INTACT_FIRMWARE_DIR}/${name}.elf)
  add_custom_command(OUTPUT ${elf}
    COMMAND ${compiler} ${link} -o ${elf} ${objects} ${archive} -lgcc
    DEPENDS ${objects} ${archive} intact_firmware_${core} ${script}
    VERBATIM)
  add_custom_target(firmware_${name} ALL DEPENDS ${elf})
endfunction()
