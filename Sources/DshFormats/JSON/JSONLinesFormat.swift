// The format `jsonl`.

struct JSONLinesFormat: FileFormat {
  let name = "jsonl"
  let extensions = ["jsonl", "ndjson"]
  let summary = "One JSON object a line."
  let reading: (any FormatReading)? = JSONReading(isLines: true)
  let writing: (any FormatWriting)? = JSONLinesWriter()
  let streaming: (any FormatStreaming)? = JSONLinesStreaming()
}
