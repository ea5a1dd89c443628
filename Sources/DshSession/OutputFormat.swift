// The forms in which rows, numbers and listings are printed, and the forms of receipts.

import DshColumns
import DshFormats

/// What `--format` and `set format` choose.
public enum OutputFormat: String, Sendable, CaseIterable {
  case table, csv, tsv, json, jsonl, md, line

  /// Appends rows in a machine format; `table` has none and appends nothing.
  public func append(_ rows: Batch, to buffer: MutableBuffer) {
    (try? FormatRegistry.named(rawValue))?.writing?.append([rows], schema: rows.schema, to: buffer)
  }
}

/// What `--report` and `set report` choose.
public enum ReportFormat: String, Sendable, CaseIterable {
  case text, json, none
}
