// The format `parquet`.

struct ParquetFormat: FileFormat {
  let name = "parquet"
  let extensions = ["parquet", "pq"]
  let summary = "Columns in compressed row groups, with statistics to pass over those that a filter does not want."
  let reading: (any FormatReading)? = ParquetReading()
  let writing: (any FormatWriting)? = ParquetWriting()
}
