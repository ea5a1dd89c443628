// The format `tsv`: CSV with another separator.

struct TSVFormat: FileFormat {
  let name = "tsv"
  let extensions = ["tsv", "tab"]
  let summary = "Cells separated by tabs, otherwise like csv."
  let reading: (any FormatReading)? = CSVReading(delimiter: "\t")
  let writing: (any FormatWriting)? = CSVWriter(delimiter: UInt8(ascii: "\t"))
}
