// The dictionaries of a stream or a file, put together from the batches that bring them (Arrow columnar format, "Dictionary Messages").
import DshColumns
import DshDiagnostics

/// A batch of values of one dictionary.
struct ArrowDictionaryBatch {
  let id: Int64
  /// Whether the values come behind those that there are already, instead of in their place.
  let isDelta: Bool
  let batch: ArrowBatch

  /// - Parameter header: a table `DictionaryBatch`.
  init(_ header: FlatTable, body: any ArrowBody) throws(ArrowMistake) {
    id = try header.number(0, Int64.self)
    isDelta = try header.number(2, UInt8.self) != 0
    guard let data = try header.table(1) else { throw ArrowMistake("a dictionary without values") }
    batch = try ArrowBatch(data, body: body)
  }
}

/// Gives the dictionaries as they are behind so many of their batches; one thread uses it.
final class ArrowDictionaries {
  private let layouts: [Int64: ArrowLayout]
  private(set) var batches: [ArrowDictionaryBatch] = []
  /// Those that were made, with the number of the last batch that they hold.
  private var made: [Int64: (last: Int, values: Column)] = [:]
  /// Dictionaries that are being made: one whose values are named by itself has no end.
  private var open: Set<Int64> = []

  init(_ fields: [ArrowField]) {
    var layouts: [Int64: ArrowLayout] = [:]
    for field in fields { Self.collect(field.layout, into: &layouts) }
    self.layouts = layouts
  }

  private static func collect(_ layout: ArrowLayout, into layouts: inout [Int64: ArrowLayout]) {
    if case .dictionary(let id, _, let values) = layout {
      layouts[id] = values
      collect(values, into: &layouts)
    }
    for child in layout.children { collect(child.layout, into: &layouts) }
  }

  func append(_ batch: ArrowDictionaryBatch) { batches.append(batch) }

  /// The values of a dictionary as the first so many batches make it.
  func values(_ id: Int64, after count: Int) throws -> Column {
    let own = batches.indices.prefix(count).filter { batches[$0].id == id }
    guard let layout = layouts[id], let last = own.last else { throw ArrowMistake("a dictionary is missing") }
    if let known = made[id], known.last == last { return known.values }
    guard open.insert(id).inserted else { throw ArrowMistake("a dictionary is made of itself") }
    defer { open.remove(id) }
    let first = own.last { !batches[$0].isDelta } ?? own[0]
    let parts = try own.filter { $0 >= first }.map { index in
      let batch = batches[index].batch
      let reader = ArrowColumnReader(batch: batch) { try self.values($0, after: count) }
      return try reader.column(ArrowField("dictionary", layout), at: ArrowPosition(), rows: 0..<batch.rowCount)
    }
    let builder = ColumnBuilder(type: layout.type)
    for part in parts {
      guard builder.bytes.byteCount + part.plainTextBytes <= Int(Int32.max) / 2 else {
        throw ArrowMistake("a dictionary with too much text")
      }
      builder.append(part)
    }
    let values = builder.finish()
    made[id] = (last, values)
    return values
  }
}
