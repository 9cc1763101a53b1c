# What only shows once the programs are installed or somebody starts from scratch.
if(TARGET mqtt-pub AND TARGET mqtt-sub)
  add_test(NAME package.install
    COMMAND ${CMAKE_CURRENT_LIST_DIR}/check-install ${PROJECT_BINARY_DIR} ${PROJECT_VERSION}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  add_test(NAME package.quickstart
    COMMAND ${PROJECT_SOURCE_DIR}/packaging/quickstart --no-install --build-dir ${PROJECT_BINARY_DIR}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(package.install package.quickstart PROPERTIES
    LABELS package TIMEOUT 120 SKIP_RETURN_CODE 77)
  set_tests_properties(package.quickstart PROPERTIES
    ENVIRONMENT "MQTT_TOOLKIT_URL=" PASS_REGULAR_EXPRESSION "\nmqtt-toolkit/quickstart/[0-9]+ Hello world!\n")
endif()
