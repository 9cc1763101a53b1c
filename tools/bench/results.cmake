# The results of mqtt-bench: judged, shown, compared, added up. Needs no engine and no socket.
add_library(mqtk_bench_results STATIC
  assertion.cpp axis.cpp comparison.cpp comparison_text.cpp figures.cpp iso_time.cpp live_line.cpp
  metric.cpp percentiles.cpp picture.cpp plot.cpp repeats.cpp result_json.cpp result_parse.cpp
  run_result.cpp series_files.cpp summary.cpp svg.cpp text_table.cpp verdict.cpp)
target_link_libraries(mqtk_bench_results
  PUBLIC mqtk::base mqtk::stats
  PRIVATE mqtk::output mqtk_settings fmt::fmt-header-only nlohmann_json::nlohmann_json)
target_include_directories(mqtk_bench_results PUBLIC ${PROJECT_SOURCE_DIR}/tools)
