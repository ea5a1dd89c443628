// How Arrow files and streams are read.
import DshColumns
import DshDiagnostics

/// The reading side of `arrow`.
///
/// A row belongs to the split in which its share of the batch's bytes begins, so that a batch of any size is cut like any file. Of compressed batches, which are read
/// as a whole, all rows belong to the split in which the batch begins.
struct ArrowReading: FormatReading {
  struct Look: Sendable {
    var schema: Schema
    var dataStart: Int
  }

  func look(at source: ByteSource, options: ReadOptions) throws -> Look {
    try arrow(source) {
      let directory = try ArrowDirectory(source)
      return Look(schema: Schema(directory.fields.map { Field($0.name, $0.layout.type) }), dataStart: directory.dataStart)
    }
  }

  func settle(_ looks: [Look], options: ReadOptions) -> [FileDescription] {
    looks.map { FileDescription(schema: $0.schema, dataStart: $0.dataStart, layout: []) }
  }

  func open(_ scan: FileScan, source: ByteSource, predicate: (any ScanPredicate)?, batchRows: Int) throws -> any FormatReader {
    try arrow(source) { try ArrowScanner(scan, source: source, predicate: predicate, batchRows: batchRows) }
  }
}

/// Makes an error that names the file of what is wrong with it.
func arrow<Result>(_ source: ByteSource, batch: Int? = nil, _ body: () throws -> Result) throws -> Result {
  do { return try body() } catch let mistake as ArrowMistake {
    let place = (batch.map { ", batch \($0 + 1)" } ?? "") + (mistake.column.map { ", column \(Diagnostic.shown($0))" } ?? "")
    throw Diagnostic(.badFile, "an Arrow file can't be read: \(mistake.problem): \(source.path)\(place)")
  }
}
