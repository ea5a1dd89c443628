// The first record of a file that is taken to be written like another.
import DshColumns
import DshDiagnostics

/// What a file says of itself where its dialect is known.
struct CSVFirstRecord {
  /// The names in the header; nil for a file without one.
  var names: [String]?
  /// Where the first record of data starts.
  var dataStart: Int

  /// What is looked at first: a header is seldom longer.
  private static let windowBytes = 4 << 10

  /// Nil for a file without a record. Throws what reading a record can throw, `ragged-row` among it.
  init?(of source: ByteSource, _ dialect: CSVDialect, columns: Int) throws {
    var dialect = dialect
    // This header is to be seen, and no repetition of it.
    dialect.repeatedHeader = []
    let head = try source.bytes(at: 0, count: Self.windowBytes)
    try FileSignature.check(head, isRead: "CSV", source.path)
    let tableStart = CSVSniffer.markBytes(head)
    var end = tableStart + 1
    while true {
      let window = CSVWindow(
        source: source, dialect: dialect, columns: columns, start: tableStart, end: end, windowBytes: Self.windowBytes)
      if try window.advance() {
        let recordStart = window.offset(ofRecord: 0)
        let next = window.records > 1 ? window.offset(ofRecord: 1) : window.position
        (names, dataStart) = (nil, recordStart)
        guard dialect.hasHeader else { return }
        let sniffer = CSVTableSniffer(
          source: source, options: CSVOptions(), dialect: dialect, columns: columns, tableStart: tableStart, headEnd: end, isWhole: false)
        let look = CSVTableLook(
          dialect: dialect, evidence: CSVHeaderEvidence(columns: sniffer.firstRecord(of: window)), recordStart: recordStart,
          dataStart: next, rows: 0, rowBytes: 0, isComplete: false, sizeBytes: source.sizeBytes)
        (names, dataStart) = (look.settled(hasHeader: true, names: nil).schema.names, next)
        return
      }
      // Blank lines and comments before the table.
      guard end < source.sizeBytes else { return nil }
      end *= 4
    }
  }
}
