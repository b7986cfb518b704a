# What Doxygen reads of a header. Formulas and tables, which are the lines of a /// comment that are
# indented or begin with `name` and a gap, stay lines of their own; lists are left to Doxygen. For
# that the comment becomes one of the other kind. The number of lines stays.
function say(line) {
  if (NR > 1) print held
  held = line
}
function end_block() {
  if (block) held = held " \\endverbatim"
  block = 0
}
function end_comment() {
  end_block()
  if (comment) held = held " */"
  comment = list = details = 0
}
!/^ *\/\/\/( |$)/ {
  end_comment()
  say($0)
  next
}
{
  match($0, /^ *\/\/\/ ?/)
  text = substr($0, RLENGTH + 1)
  start = comment ? " * " : "/** "
  if (text ~ /^ *([-*]|[0-9]+\.) /) list = 1
  else if (text !~ /^  /) list = 0
  if (list || text !~ /^(  +|`[^`]+`   *)[^ ]/) {
    end_block()
    say(start text)
  } else if (block) {
    say(substr(text, match(text, /[^ ]/) > indent ? indent + 1 : RSTART))
  } else {
    # What comes before the first of them is the summary.
    if (!details) sub(/,$/, ":", held)
    indent = match(text, /[^ ]/) - 1
    say(start (details ? "" : "\\details ") "\\verbatim " substr(text, indent + 1))
    block = details = 1
  }
  comment = 1
}
END {
  end_comment()
  print held
}
