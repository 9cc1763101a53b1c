# Compiler settings for our own targets, and the two ways to declare one.
add_library(mqtk_settings INTERFACE)
target_compile_options(mqtk_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Wold-style-cast -Wcast-align -Woverloaded-virtual -Wdouble-promotion -Wformat=2
  -Wimplicit-fallthrough
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op -Wsuggest-override>
  $<$<BOOL:${MQTK_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 finds an overlap in "text" + std::string, where there is none.
  target_compile_options(mqtk_settings INTERFACE $<$<NOT:$<CONFIG:Debug>>:-Wno-restrict>)
endif()
target_include_directories(mqtk_settings INTERFACE ${PROJECT_SOURCE_DIR}/common)
# Names of files in messages are those of the source tree, wherever it lies: what one checkout has
# compiled serves another (ccache), and two builds are alike.
target_compile_options(mqtk_settings INTERFACE -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
if(MQTK_SANITIZE)
  target_compile_options(mqtk_settings INTERFACE -fsanitize=${MQTK_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  if(MQTK_SANITIZE MATCHES "address" AND MQTK_SANITIZE MATCHES "undefined")
    # What these find, the address sanitizer sees too; they take a quarter of the time to compile.
    target_compile_options(mqtk_settings INTERFACE -fno-sanitize=null,vptr,object-size)
  endif()
  target_link_options(mqtk_settings INTERFACE -fsanitize=${MQTK_SANITIZE})
else()
  target_compile_options(mqtk_settings INTERFACE
    $<$<NOT:$<CONFIG:Debug>>:-fstack-protector-strong -ffunction-sections -fdata-sections>)
  if(NOT APPLE)
    target_link_options(mqtk_settings INTERFACE -Wl,-z,relro -Wl,--as-needed -Wl,--gc-sections)
  endif()
endif()

# Tests link the machine code beside the intermediate code: optimising across a whole program is for
# what is installed, and takes longer than everything else of a build.
if(CMAKE_INTERPROCEDURAL_OPTIMIZATION AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND MQTK_TESTS)
  target_compile_options(mqtk_settings INTERFACE -ffat-lto-objects)
  set(mqtk_plain_link -fno-lto)
else()
  set(mqtk_plain_link "")
endif()

# The dynamic linker spends half a millisecond on libstdc++ alone, a third of a short run. Programs
# and the modules that ask for it (RUNTIME) bring their own copy, hidden from everything else. No
# exception may cross from one copy to the other: the modules let none out.
if(MQTK_STATIC_RUNTIME AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT APPLE AND NOT MQTK_SANITIZE)
  set(mqtk_own_runtime -static-libstdc++ -static-libgcc -Wl,--exclude-libs,ALL)
  target_link_options(mqtk_settings INTERFACE
    "$<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:${mqtk_own_runtime}>")
else()
  set(mqtk_own_runtime "")
endif()

if(MQTK_STATIC)
  # Not -static-pie: together with -static-libgcc g++ then takes the shared C library all the same.
  target_link_options(mqtk_settings INTERFACE "$<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-static;-no-pie>")
endif()

# mqtk_layer(NAME SOURCES... DEPENDS layer... LINK library...): one room of common/.
# DEPENDS is the list of layers that its headers may name; LINK is private.
function(mqtk_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  add_library(mqtk_${name} STATIC ${ARG_SOURCES})
  add_library(mqtk::${name} ALIAS mqtk_${name})
  target_link_libraries(mqtk_${name} PUBLIC ${ARG_DEPENDS} PRIVATE mqtk_settings ${ARG_LINK})
  target_include_directories(mqtk_${name} PUBLIC ${PROJECT_SOURCE_DIR}/common)
endfunction()

# mqtk_module(NAME [RUNTIME] SOURCES... DEPENDS... LINK...): a part that is loaded on first use
# (base/module.hpp), or linked in with MQTK_MODULES=OFF. RUNTIME: with a C++ runtime of its own,
# which a part that uses C++ libraries must not have.
function(mqtk_module name)
  cmake_parse_arguments(ARG "RUNTIME" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  if(MQTK_MODULES)
    add_library(mqtk_module_${name} MODULE ${ARG_SOURCES})
    set_target_properties(mqtk_module_${name} PROPERTIES
      PREFIX "" OUTPUT_NAME mqtk-${name}
      CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
      LIBRARY_OUTPUT_DIRECTORY ${MQTK_MODULE_OUTPUT_DIRECTORY})
    if(NOT APPLE)
      target_link_options(mqtk_module_${name} PRIVATE -Wl,--exclude-libs,ALL)
    endif()
    if(ARG_RUNTIME)
      target_link_options(mqtk_module_${name} PRIVATE ${mqtk_own_runtime})
    endif()
    install(TARGETS mqtk_module_${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/mqtt-toolkit)
  else()
    add_library(mqtk_module_${name} STATIC ${ARG_SOURCES})
  endif()
  target_link_libraries(mqtk_module_${name} PRIVATE mqtk_settings ${ARG_DEPENDS} ${ARG_LINK})
  target_include_directories(mqtk_module_${name} PUBLIC ${PROJECT_SOURCE_DIR}/common)
endfunction()

# mqtk_test(NAME LABEL label SOURCES... LINK...): a Catch2 program whose cases ctest lists one by one.
function(mqtk_test name)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "SOURCES;LINK;DEPENDS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_executable(test_${name} ${ARG_SOURCES})
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(test_${name} PRIVATE mqtk_settings ${ARG_LINK} mqtk_catch_main)
  set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  if(ARG_DEPENDS)
    add_dependencies(test_${name} ${ARG_DEPENDS})
  endif()
  catch_discover_tests(test_${name} TEST_PREFIX "${ARG_LABEL}.${name}: "
    PROPERTIES LABELS "${ARG_LABEL}" TIMEOUT ${ARG_TIMEOUT} SKIP_REGULAR_EXPRESSION "SKIP: ")
endfunction()
