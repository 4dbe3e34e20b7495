cmake_minimum_required(VERSION 3.25)
# cmake -DCOMPILER= -DNM= -DFLAGS= -DSOURCES= -DINCLUDE= -DMAIN= -DWORK= -DHELPERS= -P check.cmake
# Compiles the runtime without any library and proves: the only undefined symbols are its own, the four memory functions of a
# freestanding compiler and the integer helpers of libgcc named in HELPERS; no writable data; it links with -nostdlib.
separate_arguments(flags UNIX_COMMAND "${FLAGS}")
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
set(warnings -Wall -Wextra -Wpedantic -Wshadow -Wundef -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Werror)

set(objects)
foreach(source ${SOURCES})
  get_filename_component(name ${source} NAME_WE)
  execute_process(COMMAND ${COMPILER} ${flags} -std=c99 -ffreestanding ${warnings} -c ${source} -o ${WORK}/${name}.o
                  COMMAND_ERROR_IS_FATAL ANY)
  list(APPEND objects ${WORK}/${name}.o)
endforeach()

set(allowed memcpy memmove memset memcmp ${HELPERS})
set(defined)
set(undefined)
execute_process(COMMAND ${NM} ${objects} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" symbols "${symbols}")
foreach(line ${symbols})
  if(line MATCHES " U ([A-Za-z0-9_.]+)$")
    list(APPEND undefined ${CMAKE_MATCH_1})
  elseif(line MATCHES "^[0-9a-f]+ ([A-Za-z]) ([A-Za-z0-9_.$]+)$")
    set(kind ${CMAKE_MATCH_1})
    set(symbol ${CMAKE_MATCH_2})
    if(kind MATCHES "^[BbDdCcGgSs]$")
      message(FATAL_ERROR "writable data: ${line}")
    endif()
    if(kind MATCHES "^[TR]$")  # code, constants
      list(APPEND defined ${symbol})
      if(NOT symbol MATCHES "^intact_")
        message(FATAL_ERROR "a global name without the prefix intact_: ${symbol}")
      endif()
    endif()
  endif()
endforeach()
if(NOT "intact_run" IN_LIST defined)
  message(FATAL_ERROR "nm's output was not understood: intact_run is not among the defined symbols")
endif()
list(REMOVE_DUPLICATES undefined)
foreach(symbol ${undefined})
  if(NOT symbol IN_LIST defined AND NOT symbol IN_LIST allowed)
    message(FATAL_ERROR "the runtime needs ${symbol}")
  endif()
endforeach()

execute_process(COMMAND ${COMPILER} ${flags} -std=c99 -ffreestanding ${warnings} -I${INCLUDE} -nostdlib -static
                        -o ${WORK}/linked.elf ${MAIN} ${objects} -lgcc
                COMMAND_ERROR_IS_FATAL ANY)
