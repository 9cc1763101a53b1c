# The results of mqtt-bench: judged, shown, compared, added up. Needs no engine and no socket.
add_library(mqtk_bench_results STATIC
  plot/axis.cpp plot/picture.cpp plot/plot.cpp plot/svg.cpp
  results/assertion.cpp results/comparison.cpp results/comparison_text.cpp results/failures.cpp results/figures.cpp
  results/iso_time.cpp results/json.cpp results/live_line.cpp results/metric.cpp results/parse.cpp
  results/percentiles.cpp results/repeats.cpp results/run_result.cpp results/series_files.cpp
  results/summary.cpp results/text_table.cpp results/verdict.cpp)
target_link_libraries(mqtk_bench_results
  PUBLIC mqtk::base mqtk::stats
  PRIVATE mqtk::output mqtk_settings fmt::fmt-header-only nlohmann_json::nlohmann_json)
target_include_directories(mqtk_bench_results PUBLIC ${PROJECT_SOURCE_DIR}/tools)
