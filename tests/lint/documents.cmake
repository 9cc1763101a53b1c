mqtk_lint(documents ${CMAKE_CURRENT_LIST_DIR}/check-documents ${CMAKE_BINARY_DIR}/bin)
mqtk_lint(documents-self-test
  ${CMAKE_CURRENT_LIST_DIR}/check-documents --self-test ${CMAKE_BINARY_DIR}/bin)
