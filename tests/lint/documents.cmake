mqtk_lint(documents ${CMAKE_CURRENT_LIST_DIR}/check-documents ${CMAKE_BINARY_DIR}/bin)
mqtk_lint(documents-self-test
  ${CMAKE_CURRENT_LIST_DIR}/check-documents --self-test ${CMAKE_BINARY_DIR}/bin)
mqtk_lint(options ${CMAKE_CURRENT_LIST_DIR}/check-options ${CMAKE_BINARY_DIR}/bin)
mqtk_lint(options-self-test
  ${CMAKE_CURRENT_LIST_DIR}/check-options --self-test ${CMAKE_BINARY_DIR}/bin)
