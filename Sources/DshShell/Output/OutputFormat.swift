// The forms in which rows, numbers and listings are printed, and the forms of receipts.

/// What `--format` and `set format` choose.
public enum OutputFormat: String, Sendable, CaseIterable {
  case table, csv, tsv, json, jsonl, md, line
}

/// What `--report` and `set report` choose.
public enum ReportFormat: String, Sendable, CaseIterable {
  case text, json, none
}
