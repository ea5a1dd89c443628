// The format `line`.

struct LineFormat: FileFormat {
  let name = "line"
  let extensions: [String] = []
  let summary = "Every cell on a line of its own, for wide rows."
  let writing: (any FormatWriting)? = LineWriter()
}
