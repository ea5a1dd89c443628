// The format `parquet`, which is known by name only.

struct ParquetFormat: FileFormat {
  let name = "parquet"
  let extensions = ["parquet", "pq"]
  let summary = "Columns in compressed row groups."
}
