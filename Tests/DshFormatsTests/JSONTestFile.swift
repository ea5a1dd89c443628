// Small files of JSON made for a test, and the loop of a caller that widens types.
import DshColumns
import DshDiagnostics
import DshSystem
import Foundation
import Testing

@testable import DshFormats

/// A file that lives as long as the value.
final class JSONTestFile {
  let path: String
  private let reading: JSONReading

  init(_ bytes: [UInt8], isLines: Bool = true) throws {
    path = NSTemporaryDirectory() + "dsh-\(UUID().uuidString).\(isLines ? "jsonl" : "json")"
    reading = JSONReading(isLines: isLines)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  convenience init(_ text: String, isLines: Bool = true) throws { try self.init(Array(text.utf8), isLines: isLines) }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func describe(_ options: ReadOptions = ReadOptions()) throws -> FileDescription {
    try reading.settle([reading.look(at: ByteSource(path: path), options: options)], options: options)[0]
  }

  /// Everything as a caller gets it: looked at, read in parts, read again with other types if need be.
  func table(_ options: ReadOptions = ReadOptions(), borders: [Int] = [], batchRows: Int = 100) throws -> (schema: Schema, rows: [[Value]])
  {
    var file = try describe(options)
    for _ in 0..<20 {
      do { return (file.schema, try rows(file, borders: borders, batchRows: batchRows)) } catch let mismatch as SchemaMismatch {
        for column in mismatch.columns {
          if column.index < file.schema.count {
            file.schema.fields[column.index].type = column.type
          } else {
            file.schema.fields.append(Field(column.name, column.type))
          }
        }
        file.layout = try #require(mismatch.layout)
      }
    }
    Issue.record("types widen without end")
    return (file.schema, [])
  }

  /// The rows of wanted columns, all if nil, read in parts.
  func rows(_ file: FileDescription, wanted: [Int]? = nil, borders: [Int] = [], batchRows: Int = 100, predicate: (any ScanPredicate)? = nil)
    throws -> [[Value]]
  {
    let source = try ByteSource(path: path)
    let size = max(source.sizeBytes, file.dataStart)
    let isCut = try JSONLayout(file.layout, columns: file.schema.count).records == .lines
    let inner = isCut ? borders.filter { $0 > file.dataStart && $0 < size } : []
    var rows: [[Value]] = []
    for (start, end) in zip([file.dataStart] + inner, inner + [size]) {
      let scan = FileScan(
        format: isCut ? "jsonl" : "json", path: path, identity: source.identity, layout: file.layout, schema: file.schema,
        wanted: wanted ?? Array(0..<file.schema.count), bytes: start..<end, startIsExact: true)
      let reader = try reading.open(scan, source: source, predicate: predicate, batchRows: batchRows)
      while let batch = try reader.next() {
        if batch.rowCount == 0 || batch.rowCount > batchRows { Issue.record("a batch of \(batch.rowCount) rows") }
        rows += (0..<batch.rowCount).map(batch.row)
      }
      _ = try reader.finish()
    }
    return rows
  }
}

extension ReadOptions {
  static func json(_ name: String, _ value: String? = nil) -> ReadOptions {
    var options = ReadOptions()
    options.ofFormats = [FormatOption(name: name, items: value.map { [$0] } ?? [])]
    return options
  }
}
