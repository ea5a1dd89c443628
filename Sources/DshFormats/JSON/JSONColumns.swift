// Makes columns of the values of cells: of lists and structures part by part, until there are numbers and texts.
import CDshKernels
import DshColumns
import DshDiagnostics

/// A value that does not fit its column: the number of its row among those that were asked for.
struct JSONMisfit: Error {
  var row: Int
}

/// What makes columns of one window's cells; one thread uses it.
final class JSONColumns {
  private let window: JSONWindow
  private let parser = CSVColumnParser(CSVDialect())
  /// By the place of a column and of its parts within it.
  private var dictionaries: [[Int]: CSVDictionary] = [:]
  private var parts: [[Int]: Parts] = [:]

  /// The names of a structure's fields, and room for the cells of fields or elements.
  private struct Parts {
    var names: JSONNames?
    var cells: JSONCells
  }

  init(_ window: JSONWindow) { self.window = window }

  private static func bits(_ kinds: Int...) -> UInt32 { kinds.reduce(0) { $0 | 1 << UInt32($1) } }
  private static let nulls = bits(DSH_JSON_MISSING, DSH_JSON_NULL)
  private static let all = UInt32.max

  /// The kinds of values that a column may have.
  private static func allowed(_ type: DataType, _ form: JSONForm) -> UInt32 {
    switch form.kind {
    case .json,
      .any where type == .string:
      return all
    case .unknown: return nulls
    default: break
    }
    switch type {
    case .bool: return nulls | bits(DSH_JSON_FALSE, DSH_JSON_TRUE)
    case .int64: return nulls | bits(DSH_JSON_INTEGER)
    case .float64: return nulls | bits(DSH_JSON_INTEGER, DSH_JSON_DECIMAL)
    case .string, .date, .timestamp, .time, .duration, .instant: return nulls | bits(DSH_JSON_STRING, DSH_JSON_ESCAPED)
    case .decimal(_, scale: 0), .uint64: return nulls | bits(DSH_JSON_INTEGER)
    case .decimal, .narrow: return nulls | bits(DSH_JSON_INTEGER, DSH_JSON_DECIMAL)
    case .list: return nulls | bits(DSH_JSON_ARRAY)
    case .structure: return nulls | bits(DSH_JSON_OBJECT)
    default: return nulls
    }
  }

  /// The column that some values make.
  ///
  /// - Parameters:
  ///   - place: the column's number, and those of parts in it.
  ///   - isWithinList: whether the values are elements, whose texts get no dictionary.
  /// - Throws: `JSONMisfit`, or `JSONFault` for an object that has a name twice, at a place of the file.
  func column(_ values: dsh_json_values, _ type: DataType, _ form: JSONForm, place: [Int], isWithinList: Bool = false) throws -> Column {
    var values = values
    let count = Int(values.count)
    let kinds = dsh_json_kinds(&values)
    let allowed = Self.allowed(type, form)
    if kinds & ~allowed != 0 { throw JSONMisfit(row: Int(dsh_json_first_other(&values, allowed))) }
    switch type {
    case .list(let element): return try list(&values, kinds, element, form, place)
    case .structure(let fields): return try structure(&values, kinds, fields, form, place, isWithinList)
    default: break
    }
    if form.kind != .json, kinds & Self.bits(DSH_JSON_ESCAPED) != 0 { window.unescape(&values) }
    var cells = dsh_csv_cells()
    cells.bytes = UnsafePointer(window.bytes)
    cells.entries = UnsafePointer(values.cells.pointee.spans)
    cells.stride = values.cells.pointee.slots * 2
    cells.column = values.slot * 2
    cells.first_record = values.first_row
    cells.records = values.rows
    cells.has_empty_texts = 1
    if type == .string, !isWithinList {
      let dictionary = dictionaries[place] ?? CSVDictionary()
      dictionaries[place] = dictionary
      if !dictionary.isGivenUp, let found = dictionary.column(&cells, count: count, scratch: parser.scratch) { return found }
    }
    let builder = ColumnBuilder(type: type, rows: count)
    if let misfit = parser.parse(&cells, count: count, into: builder) { throw JSONMisfit(row: misfit) }
    return builder.finish()
  }

  /// The rows that have a value of a kind; nil if all do.
  private func validity(_ values: dsh_json_values, _ kinds: UInt32, _ kind: Int) -> Bitmap? {
    guard kinds & ~Self.bits(kind) != 0 else { return nil }
    let cells = values.cells.pointee
    let count = Int(values.count)
    return .make(count: count) { index in
      var word: UInt64 = 0
      for row in index * 64..<min(count, index * 64 + 64) {
        let place = Int(values.first_row) + (values.rows.map { Int($0[row]) } ?? row)
        if Int(cells.kinds[place * Int(cells.slots) + Int(values.slot)]) == kind { word |= 1 << UInt64(row & 63) }
      }
      return word
    }
  }

  private func structure(
    _ values: inout dsh_json_values, _ kinds: UInt32, _ fields: [Field], _ form: JSONForm, _ place: [Int], _ isWithinList: Bool
  ) throws -> Column {
    let count = Int(values.count)
    let parts =
      self.parts[place]
      ?? Parts(
        names: JSONNames(
          fields.map(\.name), slots: Array(fields.indices), isRaw: fields.indices.map { form.child($0).kind == .json }),
        cells: JSONCells(slots: fields.count))
    self.parts[place] = parts
    parts.cells.reserve(count)
    var walk = dsh_json_walk()
    window.withText { text in
      parts.cells.withPointer { cells in parts.names?.withPointer { dsh_json_find_members(text, &values, $0, cells, &walk) } }
    }
    if walk.wrong >= 0 {
      throw JSONFault(position: window.fileOffset + Int(walk.wrong), problem: "a name stands twice in an object", isCut: false)
    }
    if walk.unknown >= 0 { throw JSONMisfit(row: Int(walk.unknown_row)) }
    var columns: [Column] = []
    for (index, field) in fields.enumerated() {
      columns.append(
        try parts.cells.withPointer { cells in
          try column(
            dsh_json_values(cells: cells, slot: Int64(index), rows: nil, first_row: 0, count: Int64(count)), field.type, form.child(index),
            place: place + [index], isWithinList: isWithinList)
        })
    }
    return Column(
      type: .structure(fields), count: count, validity: validity(values, kinds, DSH_JSON_OBJECT), storage: .structure(columns))
  }

  private func list(
    _ values: inout dsh_json_values, _ kinds: UInt32, _ element: DataType, _ form: JSONForm, _ place: [Int]
  ) throws -> Column {
    let count = Int(values.count)
    let offsets = MutableBuffer(capacity: (count + 1) * 4)
    offsets.byteCount = (count + 1) * 4
    // There are fewer elements than bytes of text, which a window has less than 2^31 of.
    let total = Int(window.withText { dsh_json_count_elements($0, &values, offsets.pointer()) })
    let parts = self.parts[place] ?? Parts(names: nil, cells: JSONCells(slots: 1))
    self.parts[place] = parts
    parts.cells.reserve(total)
    window.withText { text in
      parts.cells.withPointer { dsh_json_find_elements(text, &values, form.child(0).kind == .json ? 1 : 0, $0) }
    }
    let elements: Column
    do {
      elements = try parts.cells.withPointer { cells in
        try column(
          dsh_json_values(cells: cells, slot: 0, rows: nil, first_row: 0, count: Int64(total)), element, form.child(0), place: place + [0],
          isWithinList: true)
      }
    } catch let misfit as JSONMisfit {
      // The list that holds the element: the last that begins at or before it and is not empty.
      let starts = offsets.pointer(to: Int32.self)
      throw JSONMisfit(row: (0..<count).last { Int(starts[$0]) <= misfit.row && misfit.row < Int(starts[$0 + 1]) } ?? 0)
    }
    return Column(
      type: .list(element), count: count, validity: validity(values, kinds, DSH_JSON_ARRAY),
      storage: .list(offsets: offsets.freeze(), elements: elements))
  }
}
