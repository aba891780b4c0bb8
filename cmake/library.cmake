# The analyzer in two steps: all objects without built-in knowledge make the image compiler; the
# image it writes is linked into the library and the program.
file(GLOB_RECURSE ANALYZER_SOURCES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/analyzer/*.c)
list(FILTER ANALYZER_SOURCES EXCLUDE REGEX "/analyzer/(cli|store)/")

add_library(berm_objects OBJECT ${ANALYZER_SOURCES} ${CMAKE_BINARY_DIR}/generated/grammar_table.c)
target_include_directories(berm_objects PUBLIC
  ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/analyzer ${XXHASH_INCLUDE} ${TREE_SITTER}/include)
target_compile_definitions(berm_objects PUBLIC BERM_VERSION="${PROJECT_VERSION}")
target_link_libraries(berm_objects PUBLIC berm_dependencies PRIVATE berm_warnings)
# The one file that reads the runtime's own trees, by the runtime's own headers.
set_source_files_properties(${CMAKE_SOURCE_DIR}/analyzer/syntax/children.c PROPERTIES
  COMPILE_OPTIONS "-isystem;${NODE_MODULES}/tree-sitter/vendor")
if(BERM_TESTS)
  target_compile_definitions(berm_objects PUBLIC BERM_FAULT_INJECTION)
endif()

add_executable(berm_image_compiler cmake/image_compiler.c cmake/image_empty.c)
target_link_libraries(berm_image_compiler PRIVATE berm_objects berm_grammars berm_warnings)

set(BERM_RULES ${CMAKE_SOURCE_DIR}/rules CACHE PATH "Directory of the rules and facts to build in")
file(GLOB_RECURSE KNOWLEDGE_FILES CONFIGURE_DEPENDS
  ${BERM_RULES}/*.yaml ${BERM_RULES}/facts/*.tsv ${BERM_RULES}/facts/*.txt
  ${CMAKE_SOURCE_DIR}/grammars/*.yaml
  ${CMAKE_SOURCE_DIR}/grammars/*/*.yaml)
list(FILTER KNOWLEDGE_FILES EXCLUDE REGEX "/node_modules/")
set(IMAGE ${CMAKE_BINARY_DIR}/generated/knowledge.image)
# Called with relative paths: the image holds the rules' file names for messages, and neither it
# nor its digest may depend on where the source tree stands.
file(RELATIVE_PATH RULES_PATH ${CMAKE_SOURCE_DIR} ${BERM_RULES})
add_custom_command(OUTPUT ${IMAGE}
  COMMAND berm_image_compiler ${RULES_PATH} grammars ${IMAGE}
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
  DEPENDS berm_image_compiler ${KNOWLEDGE_FILES} COMMENT "Compiling rules and facts" VERBATIM)
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/generated/image_builtin.c
  COMMAND ${CMAKE_COMMAND} -DIMAGE=${IMAGE} -DOUTPUT=${CMAKE_BINARY_DIR}/generated/image_builtin.c
          -P ${CMAKE_SOURCE_DIR}/cmake/embed_image.cmake
  DEPENDS ${IMAGE} ${CMAKE_SOURCE_DIR}/cmake/embed_image.cmake VERBATIM)
add_library(berm_image OBJECT ${CMAKE_BINARY_DIR}/generated/image_builtin.c)
target_include_directories(berm_image PRIVATE ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/analyzer)

# Everything, for the program and the tests.
add_library(berm_all INTERFACE)
target_link_libraries(berm_all INTERFACE berm_objects berm_grammars berm_image
  $<TARGET_OBJECTS:berm_objects> $<TARGET_OBJECTS:berm_grammars> $<TARGET_OBJECTS:berm_image>)
