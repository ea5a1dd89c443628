// The format `csv`.

struct CSVFormat: FileFormat {
  let name = "csv"
  let extensions = ["csv", "dat", "txt"]
  let summary = "Cells separated by commas or what sniffing finds, one record a line, quotes where needed."
  let reading: (any FormatReading)? = CSVReading()
  let writing: (any FormatWriting)? = CSVWriter()
  let streaming: (any FormatStreaming)? = CSVStreaming()
}
