#include "bench/plot/svg.hpp"

#include <fmt/core.h>

#include <cmath>

#include "output/terminal_text.hpp"

namespace mqtk::bench {

namespace {

constexpr std::string_view kStyle = R"(
text { font-family: "Inter", "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans", sans-serif;
  font-size: 12px; fill: #334155 }
.title { font-size: 18px; font-weight: 600; fill: #0f172a }
.subtitle { fill: #64748b }
.heading { font-size: 13px; font-weight: 600; fill: #0f172a }
.tick { font-size: 11px; fill: #64748b }
.value { font-size: 11px; font-weight: 600 }
.header { font-size: 11px; fill: #64748b }
.cell { font-variant-numeric: tabular-nums }
.paper { fill: #ffffff }
.panel { fill: #f8fafc }
.grid { stroke: #e2e8f0; stroke-width: 1 }
.minor { stroke: #f1f5f9; stroke-width: 1 }
.axis { stroke: #94a3b8; stroke-width: 1 }
.target { stroke: #0f172a; stroke-width: 1; stroke-dasharray: 2 4 }
.curve { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round }
.thin { fill: none; stroke-width: 1.25; stroke-linejoin: round; opacity: 0.75 }
.dashed { fill: none; stroke-width: 1.5; stroke-dasharray: 5 4; opacity: 0.8 }
.band { opacity: 0.12; stroke: none }
.dot { stroke: #ffffff; stroke-width: 1.5 }
)";

/// Without "-0.0".
std::string number(double value) {
  const double rounded = std::round(value * 10) / 10;
  return fmt::format("{:.1f}", rounded == 0 ? 0.0 : rounded);
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : terminal_text(text)) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string points_text(const std::vector<Point>& points) {
  std::string out;
  Point last{-1e9, -1e9};
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Point& at = points[i];
    const bool near = std::abs(at.x - last.x) < 0.5 && std::abs(at.y - last.y) < 0.5;
    if (near && i + 1 < points.size()) continue;
    out += fmt::format("{}{},{}", out.empty() ? "" : " ", number(at.x), number(at.y));
    last = at;
  }
  return out;
}

}  // namespace

void Svg::line(Point from, Point to, std::string_view style) {
  body_ += fmt::format("<line class=\"{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n", style,
                       number(from.x), number(from.y), number(to.x), number(to.y));
}

void Svg::rectangle(Point corner, double width, double height, std::string_view style,
                    std::string_view color) {
  const std::string fill = color.empty() ? "" : fmt::format(" fill=\"{}\"", color);
  body_ +=
      fmt::format("<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{}/>\n", style,
                  number(corner.x), number(corner.y), number(width), number(height), fill);
}

void Svg::path(const std::vector<Point>& points, std::string_view style, std::string_view color) {
  if (points.empty()) return;
  body_ += fmt::format("<polyline class=\"{}\" stroke=\"{}\" points=\"{}\"/>\n", style, color,
                       points_text(points));
}

void Svg::band(const std::vector<Point>& above, const std::vector<Point>& below,
               std::string_view color) {
  if (above.empty() || below.empty()) return;
  std::vector<Point> outline = above;
  outline.insert(outline.end(), below.rbegin(), below.rend());
  body_ += fmt::format("<polygon class=\"band\" fill=\"{}\" points=\"{}\"/>\n", color,
                       points_text(outline));
}

void Svg::dot(Point center, std::string_view color) {
  body_ += fmt::format("<circle class=\"dot\" cx=\"{}\" cy=\"{}\" r=\"4\" fill=\"{}\"/>\n",
                       number(center.x), number(center.y), color);
}

void Svg::text(Point at, std::string_view text, std::string_view style, std::string_view anchor,
               std::string_view color) {
  const std::string fill = color.empty() ? "" : fmt::format(" style=\"fill:{}\"", color);
  body_ += fmt::format("<text class=\"{}\" x=\"{}\" y=\"{}\" text-anchor=\"{}\"{}>{}</text>\n",
                       style, number(at.x), number(at.y), anchor, fill, escaped(text));
}

std::string Svg::document(std::string_view title) const {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
      "viewBox=\"0 0 {0} {1}\" role=\"img\">\n<title>{2}</title>\n<style>{3}</style>\n"
      "<rect class=\"paper\" width=\"{0}\" height=\"{1}\"/>\n{4}</svg>\n",
      width_, height_, escaped(title), kStyle, body_);
}

}  // namespace mqtk::bench
