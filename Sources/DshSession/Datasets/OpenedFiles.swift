// The files of a `read` that are open: sampled, and agreed on one schema.

import DshColumns
import DshDiagnostics
import DshFormats
import DshLanguage
import DshPlan
import DshSystem

/// The files of one `read`, with the types known so far.
struct OpenedFiles: Sendable {
  var source: FileSource
  /// The files as they were found, and those that were decoded as they were then.
  var found: [FoundFile]
  var decoded: [FoundFile: FileIdentity]
  /// How to find out everything again if a file changes.
  var request: ReadRequest
  /// What a person should know of how the files are read, and has not been told.
  var notes: [String] = []

  /// Whether these are still the files, and none has changed.
  func isUpToDate(with found: [FoundFile]) -> Bool {
    found == self.found
      && zip(found, source.files).allSatisfy { file, read in
        guard let now = file.identity ?? (try? FileStatus(path: file.path)).map({ FileIdentity($0) }) else { return false }
        return now == decoded[file] ?? read.identity
      }
  }

  var plan: LogicalPlan {
    let read = LogicalPlan.read(source, columns: Array(source.schema.fields.indices))
    guard request.withRow else { return read }
    let column = source.schema.index(of: "row") == nil ? "row" : "file_row"
    return .operation(Operation(RowNumber(column, from: 1, restartsPerFile: true)), [read])
  }
}

extension ReadRequest {
  /// Samples files.
  func open(_ found: [FoundFile], _ streams: InputStreams) throws -> OpenedFiles {
    let label = paths.map(\.text).joined(separator: " ")
    do {
      let formats = try found.map { file in
        do throws(Diagnostic) { return try self.format(of: file.name ?? file.path) } catch {
          var error = error
          if found.count > 1 { error.notes.insert("the file: \(baseName(file.name ?? file.path))", at: 0) }
          throw error
        }
      }
      var sample = FileSample(request: self, found: found, formats: formats, streams: streams)
      let (source, notes) = try sample.source(label: label)
      return OpenedFiles(source: source, found: found, decoded: sample.decoded, request: self, notes: notes)
    } catch let diagnostic as Diagnostic {
      throw diagnostic.at(paths.first?.span)
    }
  }

  /// The format to read a path with. Text that is to be read with options for columns is read in columns.
  private func format(of path: String) throws(Diagnostic) -> any FileFormat {
    let own = try FormatRegistry.forReading(path, named: format)
    guard format == nil, let reading = own.reading, reading.isText, reading.optionNames.isEmpty, !options.ofFormats.isEmpty else {
      return own
    }
    return FormatRegistry.all[0]
  }
}

extension FileSource {
  /// Gives every file the types agreed on for all.
  mutating func alignShapes() {
    for index in shapes.indices { shapes[index].schema.adoptTypes(of: schema) }
  }

  /// Gives columns the types that were found to fit all of a file's cells, and adds those that are new, in all files that were read in that way.
  ///
  /// - Returns: for each column the type that it had, nil for a new one; nothing if the files are read like that already.
  mutating func redescribe(_ columns: [SchemaMismatch.Column], layout: [UInt8], of reading: SchemaMismatch.Reading) -> [DataType?] {
    let before = columns.map { column in schema.index(of: column.name).map { schema[$0].type } }
    guard layout != reading.layout || before != columns.map(\.type) else { return [] }
    for column in columns {
      if let place = schema.index(of: column.name) {
        schema.fields[place].type = column.type
      } else {
        // The column of paths stays the last.
        schema.fields.insert(Field(column.name, column.type), at: schema.count - (pathColumn == nil ? 0 : 1))
      }
    }
    for index in shapes.indices where shapes[index].layout == reading.layout && shapes[index].schema == reading.schema {
      shapes[index].layout = layout
      let new = columns.filter { shapes[index].schema.index(of: $0.name) == nil }
      shapes[index].schema.fields += new.map { Field($0.name, $0.type) }
    }
    alignShapes()
    return before
  }

  /// Widens a column; false if its type already is that wide.
  mutating func widen(_ name: String, to type: DataType) -> Bool {
    guard let index = schema.index(of: name) else { return false }
    let wider = schema[index].type.widened(with: type)
    guard wider != schema[index].type else { return false }
    schema.fields[index].type = wider
    alignShapes()
    return true
  }
}

extension Schema {
  /// Takes over the types of the columns that another schema has as well.
  mutating func adoptTypes(of other: Schema) {
    for column in fields.indices {
      if let agreed = other.index(of: fields[column].name) { fields[column].type = other[agreed].type }
    }
  }
}
