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
        guard let status = try? FileStatus(path: file.path) else { return false }
        return FileIdentity(status) == decoded[file] ?? read.identity
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
      var decoded: [FoundFile: FileIdentity] = [:]
      let readable = try zip(found, formats).map { file, format in
        guard format.reading?.isText == true else { return file }
        let readable = try streams.decode(file, decoding)
        if readable != file { decoded[file] = FileIdentity(try FileStatus(path: file.path)) }
        return readable
      }
      let (source, notes) = try sample(readable, formats, label: label)
      return OpenedFiles(source: source, found: found, decoded: decoded, request: self, notes: notes)
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

  private func sample(_ found: [FoundFile], _ formats: [any FileFormat], label: String) throws -> (FileSource, notes: [String]) {
    let named = zip(found, formats).map { FileToRead(path: $0.path, name: $0.name, format: $1) }
    let inspected: [InspectedFile]
    do { inspected = try inspect(named, options: options, attempts: Session.changeLimit) } catch let changed as FileChanged {
      let file = found.first { $0.path.isExactly(changed.path) }
      throw Session.unstableFile(baseName(file?.name ?? changed.path))
    }
    let partitions = PartitionColumns(of: found.map(\.partitions)) { options.types.given($0) }
    var files: [SourceFile] = []
    for (index, (file, look)) in zip(named, inspected).enumerated() {
      var file = SourceFile(
        format: file.format.name, path: file.path, givenName: file.name, identity: look.identity, schema: look.description.schema,
        layout: look.description.layout, dataStart: look.description.dataStart,
        rowCount: look.description.rowCount)
      file.partition = try partitions.values(found[index].partitions, path: file.name)
      files.append(file)
    }
    // A column that folders tell counts instead of one that files have.
    var own = files.map(\.schema)
    for file in own.indices { own[file].fields.removeAll { field in partitions.fields.contains { $0.name.isExactly(field.name) } } }
    var schema = try options.types.schema(of: own + (partitions.fields.isEmpty ? [] : [Schema(partitions.fields)]))
    var pathColumn: String?
    if withPath {
      pathColumn = schema.index(of: "path") == nil ? "path" : "file_path"
      schema.fields.append(Field(pathColumn ?? "path", .string))
    }
    var source = FileSource(label: label, files: files, schema: schema, pathColumn: pathColumn, blockBytes: Self.defaultBlockBytes)
    if let blockBytes { source.blockBytes = blockBytes }
    source.spreads = blockBytes == nil && blocks == nil && files.count < Self.manyFiles
    source.alignFileSchemas()
    let total = files.reduce(0) { $0 + max(0, $1.sizeBytes - $1.dataStart) }
    if let blocks { source.blockBytes = max(1, (total + blocks - 1) / blocks) }
    var notes: [String] = []
    for note in inspected.flatMap(\.description.notes) where !notes.contains(note) { notes.append(note) }
    return (source, notes)
  }
}

extension FileSource {
  /// Gives every file the types agreed on for all.
  mutating func alignFileSchemas() {
    for index in files.indices {
      for column in files[index].schema.fields.indices {
        if let agreed = schema.index(of: files[index].schema[column].name) { files[index].schema.fields[column].type = schema[agreed].type }
      }
    }
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
    for index in files.indices where files[index].layout == reading.layout && files[index].schema == reading.schema {
      files[index].layout = layout
      let new = columns.filter { files[index].schema.index(of: $0.name) == nil }
      files[index].schema.fields += new.map { Field($0.name, $0.type) }
    }
    alignFileSchemas()
    return before
  }

  /// Widens a column; false if its type already is that wide.
  mutating func widen(_ name: String, to type: DataType) -> Bool {
    guard let index = schema.index(of: name) else { return false }
    let wider = schema[index].type.widened(with: type)
    guard wider != schema[index].type else { return false }
    schema.fields[index].type = wider
    alignFileSchemas()
    return true
  }
}
