// The format `json`.

struct JSONFormat: FileFormat {
  let name = "json"
  let extensions = ["json"]
  let summary = "One JSON array with an object for each row; one inside of a document, or values one after another, are read as well."
  let reading: (any FormatReading)? = JSONReading(isLines: false)
  let writing: (any FormatWriting)? = JSONWriter()
}
