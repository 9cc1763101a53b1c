// A picture in SVG, element by element. Coordinates are rounded to a tenth, so that the same
// figures give the same octets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mqtk::bench {

struct Point {
  double x = 0;
  double y = 0;
};

class Svg {
 public:
  Svg(double width, double height) : width_(width), height_(height) {}

  /// `style` is the name of a class in the style sheet below.
  void line(Point from, Point to, std::string_view style);
  void rectangle(Point corner, double width, double height, std::string_view style,
                 std::string_view color = {});
  /// Points nearer than half a unit to the one before are left out.
  void path(const std::vector<Point>& points, std::string_view style, std::string_view color);
  /// What lies between two paths that go the same way.
  void band(const std::vector<Point>& above, const std::vector<Point>& below,
            std::string_view color);
  void dot(Point center, std::string_view color);
  /// `anchor`: "start", "middle" or "end".
  void text(Point at, std::string_view text, std::string_view style,
            std::string_view anchor = "start", std::string_view color = {});

  /// The whole document. `title` is what screen readers say.
  std::string document(std::string_view title) const;

 private:
  double width_, height_;
  std::string body_;
};

}  // namespace mqtk::bench
