// The parts that messages share: node indexes, counts, blocks, movements, errors.
import DshColumns
import DshDiagnostics
import DshStore

extension ByteWriter {
  mutating func write(_ blocks: [BlockID]) { write(blocks) { $0.write($1.rawValue) } }

  mutating func write(_ movements: [Movement]) {
    write(movements) { writer, movement in
      writer.write(movement.from)
      writer.write(movement.byteCount)
    }
  }

  /// Writes an error; what is long in it is cut.
  mutating func write(_ whole: Diagnostic) {
    let diagnostic = whole.bounded
    write(diagnostic.code.name)
    write(diagnostic.category.wireNumber)
    write(diagnostic.message)
    write(diagnostic.span) { writer, span in
      writer.write(span.start)
      writer.write(span.end)
    }
    write(diagnostic.suggestion) { writer, suggestion in
      switch suggestion {
      case .words(let text):
        writer.write(false)
        writer.write(text)
      case .fix(let fix):
        writer.write(true)
        writer.write(fix.replacement)
      }
    }
    write(diagnostic.notes) { $0.write($1) }
    write(diagnostic.row) { writer, place in
      writer.write(place.step)
      writer.write(place.row)
      writer.write(place.part)
    }
  }
}

extension ByteReader {
  /// A number that can't be negative.
  mutating func readCount() throws(DecodingFailure) -> Int {
    let value = try readInt()
    guard value >= 0 else { throw DecodingFailure("a negative count: \(value)") }
    return value
  }

  mutating func readNode() throws(DecodingFailure) -> NodeIndex {
    let node = try readInt()
    guard node >= 0, node < nodeLimit else { throw DecodingFailure("a node index out of range: \(node)") }
    return node
  }

  /// A counted list; every element takes at least one byte, so a false count can't make it allocate much.
  mutating func readList<Element>(_ element: (inout ByteReader) throws(DecodingFailure) -> Element) throws(DecodingFailure) -> [Element] {
    let count = Int(try readUInt32())
    guard count <= remaining else { throw DecodingFailure("a list of \(count) with \(remaining) bytes left") }
    var elements: [Element] = []
    for _ in 0..<count { elements.append(try element(&self)) }
    return elements
  }

  mutating func readBlocks() throws(DecodingFailure) -> [BlockID] {
    try readList { reader throws(DecodingFailure) in BlockID(rawValue: try reader.readUInt64()) }
  }

  mutating func readMovements() throws(DecodingFailure) -> [Movement] {
    try readList { reader throws(DecodingFailure) in Movement(from: try reader.readNode(), byteCount: try reader.readCount()) }
  }

  private mutating func readSuggestion() throws(DecodingFailure) -> Diagnostic.Suggestion {
    let isFix = try readBool()
    let text = try readString()
    return isFix ? .fix(Fix(text)) : .words(text)
  }

  mutating func readDiagnostic() throws(DecodingFailure) -> Diagnostic {
    guard let code = DiagnosticCode(named: try readString()) else { throw DecodingFailure("an unknown error code") }
    guard let category = DiagnosticCategory(wireNumber: try readUInt8()) else { throw DecodingFailure("an unknown error category") }
    let message = try readString()
    let span = try readBool() ? SourceSpan(start: try readInt(), end: try readInt()) : nil
    let suggestion = try readBool() ? try readSuggestion() : nil
    let notes = try readList { reader throws(DecodingFailure) in try reader.readString() }
    var diagnostic = Diagnostic(code, category, message, span: span, suggestion: suggestion, notes: notes)
    diagnostic.row = try readBool() ? RowPlace(step: try readInt(), row: try readInt(), part: try readInt()) : nil
    return diagnostic
  }
}

extension DiagnosticCategory {
  private static let wireOrder: [DiagnosticCategory] = [.syntax, .user, .environment, .cluster, .bug, .cancelled]

  var wireNumber: UInt8 {
    switch self {
    case .syntax: 0
    case .user: 1
    case .environment: 2
    case .cluster: 3
    case .bug: 4
    case .cancelled: 5
    }
  }

  init?(wireNumber: UInt8) {
    guard Int(wireNumber) < Self.wireOrder.count else { return nil }
    self = Self.wireOrder[Int(wireNumber)]
  }
}
