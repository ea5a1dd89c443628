// Opens what `read` names: finds the files, samples them, and agrees on one schema.

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

  /// Whether these are still the files, and none has changed.
  func isUpToDate(with found: [FoundFile]) -> Bool {
    found == self.found
      && zip(found, source.files).allSatisfy { file, read in
        guard let status = try? FileStatus(path: file.path) else { return false }
        return FileIdentity(status) == decoded[file] ?? read.identity
      }
  }

  var plan: LogicalPlan { .read(source, columns: Array(source.schema.fields.indices)) }
}

/// What was typed behind `read`, read as values.
struct ReadRequest: Sendable {
  var paths: [PathSyntax]
  var workingDirectory: String
  var format: String?
  var options = CSVOptions()
  var encoding = InputEncoding.utf8OrUTF16(nil)
  var withPath = false
  var blockBytes: Int?
  var blocks: Int?
  var fixedTypes: [ExactText: DataType] = [:]

  /// The bytes of file that make a block, unless `--block-bytes` says otherwise.
  static let defaultBlockBytes = 16 << 20
  /// Smaller blocks cost more to keep track of than to read.
  static let smallestBlockBytes = 1
}

extension ReadRequest {
  /// Reads options; throws all mistakes.
  init(_ stage: StageSyntax, paths: [PathSyntax], environment: Environment) throws(DiagnosticList) {
    var diagnostics: [Diagnostic] = []
    self.paths = []
    workingDirectory = currentDirectory()
    for path in paths {
      if path.form == .parameter {
        do { self.paths.append(PathSyntax(try environment.path(in: path.text, span: path.span), form: .quoted, span: path.span)) } catch {
          diagnostics.append(error)
        }
      } else {
        self.paths.append(path)
      }
    }
    for option in stage.options {
      if let problem = apply(option) { diagnostics.append(problem) }
    }
    if !diagnostics.isEmpty { throw DiagnosticList(diagnostics) }
  }

  private mutating func apply(_ option: OptionSyntax) -> Diagnostic? {
    let value = option.value
    switch option.name.text {
    case "format": format = value?.text
    case "header": options.header = option.bool ?? true
    case "names": options.names = value?.list
    case "delim": return setDelimiter(value, option)
    case "quote": return setByte(value, option) { $0.options.quote = .some($1) }
    case "escape": return setByte(value, option) { $0.options.escape = .some($1) }
    case "comment": return setByte(value, option) { $0.options.comment = $1 }
    case "decimal": return setByte(value, option) { $0.options.decimal = $1 ?? UInt8(ascii: ".") }
    case "thousands": return setByte(value, option) { $0.options.thousands = $1 }
    case "null": options.nullTexts = value?.list ?? []
    case "skip": options.skip = Int(clamping: value?.int ?? 0)
    case "types": return setTypes(value, option)
    case "ragged": options.ragged = value?.text == "fill" ? .fill : value?.text == "skip" ? .skip : .error
    case "encoding":
      guard let encoding = InputEncoding(name: value?.text ?? "") else {
        return Diagnostic(
          .invalidOptionValue, .user, "unknown encoding \"\(value?.text ?? "")\"", span: option.span,
          suggestion: .words(InputEncoding.names))
      }
      self.encoding = encoding
      options.encoding = encoding.decoded
    case "with-path": withPath = option.bool ?? true
    case "block-bytes": blockBytes = max(Self.smallestBlockBytes, Int(clamping: value?.sizeBytes ?? 0))
    case "blocks": blocks = max(1, Int(clamping: value?.int ?? 1))
    default: break
    }
    return nil
  }

  /// What a person can call a character that is awkward to type.
  private static let characterNames = ["tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "]

  private mutating func setDelimiter(_ value: OptionValue?, _ option: OptionSyntax) -> Diagnostic? {
    let typed = value?.text ?? ""
    let text = Self.characterNames[typed] ?? typed
    options.delimiter = .some(text == "none" ? nil : text)
    if 1...CSVDelimiter.longestBytes ~= text.utf8.count, !text.utf8.contains(10), !text.utf8.contains(13) { return nil }
    return Diagnostic(
      .invalidOptionValue, .user, "--delim takes 1 to \(CSVDelimiter.longestBytes) bytes without a line end, or none", span: option.span,
      suggestion: "for a tab write --delim=tab")
  }

  private mutating func setByte(_ value: OptionValue?, _ option: OptionSyntax, _ set: (inout ReadRequest, UInt8?) -> Void) -> Diagnostic? {
    let typed = value?.text ?? ""
    let text = Self.characterNames[typed] ?? typed
    if text == "none" {
      set(&self, nil)
    } else if text.utf8.count == 1, let byte = text.utf8.first, byte != 10, byte != 13 {
      set(&self, byte)
    } else {
      return Diagnostic(
        .invalidOptionValue, .user, "--\(option.name.text) takes one ASCII character or none", span: option.span,
        suggestion: "for a tab write --\(option.name.text)=tab")
    }
    return nil
  }

  private mutating func setTypes(_ value: OptionValue?, _ option: OptionSyntax) -> Diagnostic? {
    for item in value?.list ?? [] {
      guard let colon = item.lastIndex(of: ":") else {
        if item == "string" {
          options.types = .allString
          continue
        }
        return Diagnostic(.invalidOptionValue, .user, "--types takes column:type pairs, or string for all columns", span: option.span)
      }
      let typeName = String(item[item.index(after: colon)...])
      guard let type = DataType(name: typeName) else {
        return Diagnostic(
          .unknownType, "no type \"\(typeName)\"", span: option.span,
          suggestion: nearestName(to: typeName, in: DataType.askableNames).map(didYouMean),
          notes: ["types: \(DataType.askableNames.joined(separator: ", "))"])
      }
      fixedTypes[ExactText(String(item[..<colon]))] = type
    }
    if !fixedTypes.isEmpty { options.types = .inferred(fixedTypes) }
    return nil
  }

  /// The files that are meant, at absolute paths; of streams, what a sample takes is read.
  func find(_ access: PathAccess, _ streams: InputStreams) throws(Diagnostic) -> [FoundFile] {
    var found: [FoundFile] = []
    for path in paths {
      do throws(Diagnostic) {
        if path.text == "-" {
          found.append(try streams.openStandardInput(encoding))
          continue
        }
        let absolute = absolutePath(path.text, from: workingDirectory)
        guard isPattern(path.text), !access.exists(absolute) else {
          found.append(try resolve(absolute, path, access, streams))
          continue
        }
        let all = try access.matches(of: absolute)
        // A folder that happens to fit is passed over; a file that can't be read is named.
        let matches = all.filter { access.status($0)?.kind != .folder }
        guard !matches.isEmpty else {
          throw Diagnostic(
            .fileNotFound, all.isEmpty ? "no file fits \"\(path.text)\"" : "only folders fit \"\(path.text)\"",
            suggestion: all.isEmpty ? nearbyFile(absolute, typed: path.text, access) : filesInFolders(all, typed: path.text, access))
        }
        for match in matches { found.append(try resolve(match, path, access, streams)) }
      } catch { throw error.at(path.span) }
    }
    return found
  }

  /// Samples files.
  func open(_ found: [FoundFile], _ streams: InputStreams) throws -> OpenedFiles {
    let label = paths.map(\.text).joined(separator: " ")
    do {
      let formats = try found.map { file in
        do { return try FormatRegistry.forReading(file.name ?? file.path, named: format) } catch var diagnostic as Diagnostic {
          if found.count > 1 { diagnostic.notes.insert("the file: \(baseName(file.name ?? file.path))", at: 0) }
          throw diagnostic
        }
      }
      var decoded: [FoundFile: FileIdentity] = [:]
      let readable = try found.map { file in
        let readable = try streams.decode(file, encoding)
        if readable != file { decoded[file] = FileIdentity(try FileStatus(path: file.path)) }
        return readable
      }
      return OpenedFiles(source: try sample(readable, formats.map(\.name), label: label), found: found, decoded: decoded, request: self)
    } catch let diagnostic as Diagnostic {
      throw diagnostic.at(paths.first?.span)
    }
  }

  private func encoded(_ dialect: CSVDialect) -> [UInt8] {
    var writer = ByteWriter()
    dialect.encode(to: &writer)
    return writer.bytes
  }

  /// A file that is there and may be read.
  private func resolve(_ file: String, _ path: PathSyntax, _ access: PathAccess, _ streams: InputStreams) throws(Diagnostic) -> FoundFile {
    let location = try access.resolve(file)
    let kind: InputKind
    do throws(Diagnostic) { kind = try InputKind(of: location) } catch {
      if fileExists(location) { throw Diagnostic(error.code, .environment, error.message, notes: error.notes) }
      guard isPattern(path.text) else {
        throw Diagnostic(.fileNotFound, "no file \"\(path.text)\"", suggestion: nearbyFile(file, typed: path.text, access))
      }
      // A name that a pattern found, and yet no file: a link to nothing.
      throw Diagnostic(.fileNotFound, "a link to a file that is not there fits \"\(path.text)\": \(file)")
    }
    switch kind {
    case .file(let path): return FoundFile(path: path, name: nil)
    case .stream: return try streams.open(location, name: path.text, encoding, isGenerated: false)
    case .generated: return try streams.open(location, name: path.text, encoding, isGenerated: true)
    case .folder:
      throw Diagnostic(
        .isAFolder, "\"\(path.text)\" is a folder", suggestion: filesInFolders([file], typed: path.text, access))
    }
  }

  /// How to name the files in folders that can be read; nil if there are none.
  private func filesInFolders(_ folders: [String], typed: String, _ access: PathAccess) -> Diagnostic.Suggestion? {
    var counts: [String: Int] = [:]
    for entry in folders.flatMap({ (try? access.entries(of: $0)) ?? [] }) where !entry.isFolder && !entry.name.hasPrefix(".") {
      guard let format = FormatRegistry.forPath(entry.name), format.canRead, let dot = entry.name.lastIndex(of: ".") else { continue }
      counts[String(entry.name[dot...]), default: 0] += 1
    }
    // The most frequent ending, of equals the first in the alphabet.
    guard let ending = counts.min(by: { (-$0.value, $0.key) < (-$1.value, $1.key) })?.key else { return nil }
    return "name the files: \(joinPath(typed, "*" + ending))"
  }

  /// The file in the same folder that may be meant, named as it was typed.
  private func nearbyFile(_ path: String, typed: String, _ access: PathAccess) -> Diagnostic.Suggestion? {
    guard let slash = path.lastIndex(of: "/") else { return nil }
    let names = ((try? access.entries(of: String(path[...slash]))) ?? []).map(\.name)
    return nearestName(to: String(path[path.index(after: slash)...]), in: names).map { name in
      didYouMean(typed.lastIndex(of: "/").map { typed[...$0] + name } ?? name)
    }
  }

  /// Looks at a file until it stays the same meanwhile.
  private func look(at file: FoundFile, _ options: CSVOptions) throws -> (identity: FileIdentity, look: CSVTableLook) {
    for _ in 0..<Session.changeLimit {
      let source = try ByteSource(path: file.path, name: file.name)
      source.identity.awaitTick()
      let result = Result { try lookAtCSV(source, options: options) }
      do { try source.checkUnchanged() } catch is SourceChanged { continue }
      return (source.identity, try result.get())
    }
    throw Session.unstableFile(baseName(file.name ?? file.path))
  }

  private func sample(_ found: [FoundFile], _ formats: [String], label: String) throws -> FileSource {
    var files: [SourceFile] = []
    let looks = try zip(found, formats).map { file, format in
      var options = options
      if format == "tsv", options.delimiter == nil { options.delimiter = "\t" }
      return try look(at: file, options)
    }
    let sampled = try settleCSV(looks.map(\.look), options: options)
    for ((file, look), sniffed) in zip(zip(found, looks), sampled.files) {
      files.append(
        SourceFile(
          path: file.path, givenName: file.name, identity: look.identity, schema: sniffed.schema, dialect: encoded(sniffed.dialect),
          dataStart: sniffed.dataStart))
    }
    var schema = sampled.schema
    var pathColumn: String?
    if withPath {
      pathColumn = schema.index(of: "path") == nil ? "path" : "file_path"
      schema.fields.append(Field(pathColumn ?? "path", .string))
    }
    var source = FileSource(
      format: formats.first ?? "csv", label: label, files: files, schema: schema, pathColumn: pathColumn, blockBytes: Self.defaultBlockBytes
    )
    if let blockBytes { source.blockBytes = blockBytes }
    source.spreads = blockBytes == nil && blocks == nil
    source.alignFileSchemas()
    let total = files.reduce(0) { $0 + max(0, $1.sizeBytes - $1.dataStart) }
    if let blocks { source.blockBytes = max(1, (total + blocks - 1) / blocks) }
    return source
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

extension DataType {
  /// The type that holds the cells of both: the unified type, and text where there is none.
  func widened(with other: DataType) -> DataType { unified(with: other) ?? .string }
}
