# Language level, output folders, and what makes a build quick or strict.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set_property(GLOBAL PROPERTY USE_FOLDERS ON)

if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # Most of our files need 400 to 600 MB of it: looking for garbage from 128 MB on costs a tenth of the time and more, and saves little.
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:--param=ggc-min-heapsize=524288>)
endif()

option(VARVE_PRECOMPILE "Precompile the headers that every target includes" ON)
set(VARVE_TEST_FLAGS "" CACHE STRING "Further flags of the test programs' own files")
set(VARVE_SANITIZE "" CACHE STRING "Sanitizers of -fsanitize=, for example address,undefined")

find_program(VARVE_CCACHE ccache)
if(VARVE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Without base_dir and hash_dir a second build folder would share nothing: generated headers have absolute paths.
  # PCH_EXTSUM: a precompiled header is known by the .sum beside it, since its bytes differ from folder to folder.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime CCACHE_PCH_EXTSUM=1 ${VARVE_CCACHE})
endif()

find_program(VARVE_MOLD mold)
if(VARVE_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(VARVE_SANITIZE)
  add_compile_options(-fsanitize=${VARVE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${VARVE_SANITIZE})
endif()
