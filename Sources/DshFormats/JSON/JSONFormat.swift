// The format `json`.

struct JSONFormat: FileFormat {
  let name = "json"
  let extensions = ["json"]
  let summary = "One JSON array with an object for each row."
  let writing: (any FormatWriting)? = JSONWriter()
}
