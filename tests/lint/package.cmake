# What only shows once the programs are installed or somebody starts from scratch.

# mqtk_package_test(NAME COMMAND...)
function(mqtk_package_test name)
  add_test(NAME package.${name} COMMAND ${ARGN} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(package.${name} PROPERTIES LABELS package TIMEOUT 300 SKIP_RETURN_CODE 77)
endfunction()

if(TARGET mqtt-pub AND TARGET mqtt-sub)
  mqtk_package_test(install
    ${CMAKE_CURRENT_LIST_DIR}/check-install ${PROJECT_BINARY_DIR} ${PROJECT_VERSION})
  mqtk_package_test(quickstart
    ${PROJECT_SOURCE_DIR}/packaging/quickstart --no-install --build-dir ${PROJECT_BINARY_DIR})
  set_tests_properties(package.quickstart PROPERTIES
    ENVIRONMENT "MQTT_TOOLKIT_URL=" PASS_REGULAR_EXPRESSION "\nmqtt-toolkit/quickstart/[0-9]+ Hello world!\n")
endif()
if(TARGET mqtt-pub AND TARGET mqtt-inspect AND MQTK_HAVE_TLS AND MQTK_HAVE_WEBSOCKET AND MQTK_HAVE_PROFILES
   AND MQTK_HAVE_OUTBOX AND TARGET mqtk_module_terminal)
  mqtk_package_test(modules ${CMAKE_CURRENT_LIST_DIR}/check-modules ${PROJECT_BINARY_DIR})
endif()
if(TARGET mqtt-sub)
  mqtk_package_test(unit ${CMAKE_CURRENT_LIST_DIR}/check-unit ${PROJECT_BINARY_DIR}/bin)
endif()
if(TARGET mqtt-bench AND TARGET mqtt-inspect)
  mqtk_package_test(formula ${CMAKE_CURRENT_LIST_DIR}/check-formula ${PROJECT_BINARY_DIR}/bin)
endif()
