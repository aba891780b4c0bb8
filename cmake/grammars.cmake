# The tree-sitter runtime and every grammar: packages under grammars/node_modules (pinned by
# grammars/package-lock.json) and grammars of our own under grammars/NAME/src. A grammar is found
# by its parser.c and linked if grammars/languages.yaml names it (packages may hold several);
# adding one needs no edit here.
set(NODE_MODULES ${CMAKE_SOURCE_DIR}/grammars/node_modules)
set(TREE_SITTER ${NODE_MODULES}/tree-sitter/vendor/tree-sitter/lib)
if(NOT EXISTS ${TREE_SITTER}/src/lib.c)
  message(FATAL_ERROR "grammars are not installed: run ./dev setup (or npm ci in grammars/)")
endif()

file(GLOB PARSERS CONFIGURE_DEPENDS
  ${NODE_MODULES}/tree-sitter-*/src/parser.c
  ${NODE_MODULES}/tree-sitter-*/*/src/parser.c
  ${NODE_MODULES}/@*/tree-sitter-*/src/parser.c
  ${NODE_MODULES}/@*/tree-sitter-*/*/src/parser.c
  ${CMAKE_SOURCE_DIR}/grammars/*/src/parser.c)

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  ${CMAKE_SOURCE_DIR}/grammars/languages.yaml)
file(READ ${CMAKE_SOURCE_DIR}/grammars/languages.yaml LANGUAGES)
string(REGEX REPLACE "^.*\nlanguages:\n(.*)\ndialects:\n.*$" "\n\\1" LANGUAGES "${LANGUAGES}")

if(BERM_TESTS)
  file(GLOB TEST_PARSERS CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/grammars/*/src/parser.c)
  list(APPEND PARSERS ${TEST_PARSERS})
endif()

# Headers of generated parsers (tree_sitter/parser.h and the like), for grammars of our own.
set(PARSER_HEADERS ${NODE_MODULES}/tree-sitter-bash/src)
set(GRAMMAR_SOURCES)
set(GRAMMAR_DECLARATIONS "")
set(GRAMMAR_ROWS "")
foreach(parser ${PARSERS})
  get_filename_component(directory ${parser} DIRECTORY)
  file(STRINGS ${parser} declaration REGEX "TSLanguage \\*tree_sitter_[a-z_0-9]+\\(void\\)" LIMIT_COUNT 1)
  string(REGEX MATCH "tree_sitter_[a-z_0-9]+" function "${declaration}")
  string(REPLACE "tree_sitter_" "" name ${function})
  if(NOT LANGUAGES MATCHES "\n  ${name}:" AND NOT parser IN_LIST TEST_PARSERS)
    continue()
  endif()
  # The version stands in the package.json nearest above.
  set(package ${directory})
  while(NOT EXISTS ${package}/package.json AND NOT package STREQUAL CMAKE_SOURCE_DIR)
    get_filename_component(package ${package} DIRECTORY)
  endwhile()
  set(version ${PROJECT_VERSION})
  if(EXISTS ${package}/package.json)
    file(READ ${package}/package.json json)
    string(JSON found ERROR_VARIABLE none GET "${json}" version)
    if(none STREQUAL "NOTFOUND")
      set(version ${found})
    endif()
  endif()
  list(APPEND GRAMMAR_SOURCES ${parser})
  if(EXISTS ${directory}/scanner.c)
    list(APPEND GRAMMAR_SOURCES ${directory}/scanner.c)
  endif()
  foreach(source ${parser} ${directory}/scanner.c)
    set_source_files_properties(${source} PROPERTIES
      INCLUDE_DIRECTORIES "${directory};${PARSER_HEADERS}")
  endforeach()
  set_source_files_properties(${directory}/scanner.c PROPERTIES
    COMPILE_OPTIONS "-include;${CMAKE_SOURCE_DIR}/cmake/scanner_alloc.h"
    OBJECT_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/scanner_alloc.h)
  string(APPEND GRAMMAR_DECLARATIONS "const TSLanguage *${function}(void);\n")
  string(APPEND GRAMMAR_ROWS "    {\"${name}\", \"${version}\", ${function}},\n")
endforeach()
configure_file(cmake/grammar_table.c.in ${CMAKE_BINARY_DIR}/generated/grammar_table.c @ONLY)

add_library(berm_grammars OBJECT ${GRAMMAR_SOURCES} ${TREE_SITTER}/src/lib.c)
target_include_directories(berm_grammars PRIVATE ${TREE_SITTER}/src ${TREE_SITTER}/include)
# One replaceable allocator for runtime and scanners, so that a parse can be bounded and dropped.
target_compile_definitions(berm_grammars PRIVATE TREE_SITTER_REUSE_ALLOCATOR _POSIX_C_SOURCE=200112L
  _DEFAULT_SOURCE)
target_compile_options(berm_grammars PRIVATE -w)
set_source_files_properties(${TREE_SITTER}/src/lib.c PROPERTIES
  COMPILE_OPTIONS "-include;${CMAKE_SOURCE_DIR}/cmake/tree_sitter_atomic.h"
  OBJECT_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/tree_sitter_atomic.h)
