// The format `text`.

struct PlainTextFormat: FileFormat {
  let name = "text"
  let extensions = ["log"]
  let summary = "Any text: one column, line, with a row for each line."
  let reading: (any FormatReading)? = PlainTextReading()
}
