// How files of JSON are read.
import DshColumns
import DshDiagnostics

/// The reading side of `json` and `jsonl`.
struct JSONReading: FormatReading {
  /// Whether every line is a record, so that a file can be cut.
  var isLines: Bool

  var isText: Bool { true }

  var optionNames: [String] { JSONOptions.all.map(\.name) }

  func mistakes(in options: [FormatOption]) -> [Diagnostic] {
    var read = ReadOptions()
    read.ofFormats = options.filter { optionNames.contains($0.name) }
    do throws(Diagnostic) { _ = try JSONOptions(read) } catch { return [error] }
    return []
  }

  func look(at source: ByteSource, options: ReadOptions) throws -> JSONLook {
    guard options.encoding == .utf8 else {
      throw Diagnostic(.invalidOptionValue, .user, "JSON is UTF-8 or UTF-16, whatever --encoding says: \(source.path)")
    }
    var sampler = JSONSampler(source, try JSONOptions(options), isLines: isLines)
    return try sampler.look()
  }

  /// All files get the columns that any of them has: a member that an object lacks is null in any case.
  func settle(_ looks: [JSONLook], options: ReadOptions) throws -> [FileDescription] {
    let own = try JSONOptions(options)
    var shape = JSONShape()
    for look in looks { shape.merge(look.shape) }
    let areObjects = looks.allSatisfy(\.layout.areObjects)
    var columns = areObjects ? shape.members : [.init(name: own.isRaw ? JSONOptions.rawColumn : JSONOptions.valueColumn, shape: shape)]
    columns = columns.filter { !$0.name.isEmpty || areObjects }
    var fields: [Field] = []
    var forms: [JSONForm] = []
    var fixed: [Int] = []
    var notes: [String] = []
    for (index, column) in columns.enumerated() {
      var (type, form) = column.shape.settled(depth: 1)
      if let given = own.fixedForm(column.name), !own.isRaw {
        form = given
        fixed.append(index)
      } else if let why = column.shape.whyJSONText {
        notes.append("column \(column.name) holds \(why): it is JSON text")
      }
      if case .allString = own.types { type = .string }
      fields.append(Field(column.name, type))
      forms.append(form)
    }
    return looks.map { look in
      var layout = look.layout
      layout.areObjects = areObjects
      layout.forms = forms
      layout.fixedColumns = fixed
      return FileDescription(schema: Schema(fields), dataStart: look.dataStart, layout: layout.encoded(), notes: notes)
    }
  }

  /// Members that others do not have show when the records are read.
  func description(of source: ByteSource, like known: FileDescription) throws -> FileDescription? {
    let layout = try JSONLayout(known.layout, columns: known.schema.count)
    guard layout.records != .lines else {
      let head = try source.bytes(at: 0, count: JSONSampler.signatureBytes)
      return FileDescription(schema: known.schema, dataStart: try JSONSampler.lineStart(head, source), layout: known.layout)
    }
    let own = try look(at: source, options: ReadOptions())
    guard own.layout.records == layout.records, own.layout.enclosingObjects == layout.enclosingObjects,
      own.layout.areObjects == layout.areObjects
    else { return nil }
    return FileDescription(schema: known.schema, dataStart: own.dataStart, layout: known.layout)
  }

  /// Lines can be cut anywhere: no line feed stands inside of a string. A document is read from its beginning.
  func splits(of file: FileDescription, sizeBytes: Int, blockBytes: Int, spreads: Bool) -> FileSplits {
    let data = file.dataStart..<max(file.dataStart, sizeBytes)
    let isLines = (try? JSONLayout(file.layout, columns: file.schema.count))?.records == .lines
    return isLines ? FileSplits(of: data, blockBytes: blockBytes, spreads: spreads) : FileSplits(of: data, blockBytes: .max, spreads: false)
  }

  func open(_ scan: FileScan, source: ByteSource, predicate: (any ScanPredicate)?, batchRows: Int) throws -> any FormatReader {
    try JSONScanner(
      scan, layout: JSONLayout(scan.layout, columns: scan.schema.count), source: source, predicate: predicate, batchRows: batchRows)
  }
}
