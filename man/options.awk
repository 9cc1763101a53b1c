# Makes a table of options out of a program's --generate=json, which has one key a line.
function value(line) {
  sub(/^[^:]*: "/, "", line)
  sub(/",?$/, "", line)
  gsub(/\\"/, "\"", line)
  gsub(/\\\\/, "\\", line)
  gsub(/[|]/, "\\|", line)
  return line
}
/^ *"program": / && !/subcommands/ {
  printf "\n## %s\n\n| option | | |\n|---|---|---|\n", value($0)
}
/^      "name": / { name = value($0); letter = operand = standard = doc = "" }
/^      "letter": / { letter = "-" value($0) " " }
/^      "value": / { operand = " " value($0) }
/^      "default": / { standard = value($0) }
/^      "doc": / {
  printf "| `%s--%s%s` | %s | %s |\n", letter, name, operand, value($0), standard == "" ? "" : "default: " standard
}
