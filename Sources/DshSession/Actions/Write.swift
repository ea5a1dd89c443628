// `write`: a dataset as one file, or as a folder of files; formatted on the nodes, written in order.

import DshColumns
import DshDiagnostics
import DshFormats
import DshLanguage
import DshSystem

extension Session {
  func write(_ context: ActionContext) throws {
    guard case .paths(let paths) = context.stage.operands, let path = paths.first else {
      throw Diagnostic("missing-operand", .syntax, "write needs a path", span: context.stage.span)
    }
    if options.safeRoots != nil { throw Diagnostic("unsafe", .user, "safe mode writes no files", span: context.stage.verb.span) }
    var text = path.text
    if path.form == .parameter {
      guard case .string(let value)? = state.environment.scalars[path.text] else {
        throw Diagnostic("unknown-parameter", .user, "$\(path.text) is not a text to be used as a path", span: path.span)
      }
      text = value
    }
    let target = absolutePath(text, from: currentDirectory())
    let format = try writeFormat(context, path: target, span: path.span)
    let force = context.option("force")?.bool ?? false
    if text.hasSuffix("/") || context.option("files") != nil {
      try writeFolder(context, target, label: text, format: format, force: force, span: path.span)
    } else {
      try writeFile(context, target, label: text, format: format, force: force, span: path.span)
    }
  }

  private func writeFormat(_ context: ActionContext, path: String, span: SourceSpan) throws -> Format {
    let named = context.option("format")
    do {
      if let name = named?.value?.text {
        let format = try FormatRegistry.named(name)
        _ = try format.makeWriter()
        return format
      }
      guard let format = FormatRegistry.forPath(path) else {
        throw Diagnostic(
          "unknown-format", .user, "the format can't be told from the path", suggestion: "say it: write --format=csv …",
          notes: ["formats that can be written: \(FormatRegistry.all.filter(\.canWrite).map(\.name).joined(separator: ", "))"])
      }
      _ = try format.makeWriter()
      return format
    } catch let diagnostic as Diagnostic {
      throw diagnostic.at(named?.span ?? span)
    }
  }

  private func newFile(_ path: String, label: String, force: Bool, span: SourceSpan) throws(Diagnostic) -> NewFile {
    do {
      return try NewFile(path: path, replace: force)
    } catch {
      if error.code == "file-exists" {
        throw Diagnostic("file-exists", .user, "\"\(label)\" exists already", span: span, suggestion: "replace it: write --force \(label)")
      }
      throw error.at(span)
    }
  }

  private func writeFile(_ context: ActionContext, _ path: String, label: String, format: Format, force: Bool, span: SourceSpan) throws {
    let file = try newFile(path, label: label, force: force, span: span)
    let schema = context.plan.schema
    let frame = try TextFrame(format.makeWriter(), schema: schema)
    var bytes = try append(frame.header, to: file)
    var isFirst = true
    let result = try backend.text(context.plan, format: format.name) { part, rows in
      if rows > 0, !isFirst { bytes += try self.append(frame.separator, to: file) }
      if rows > 0 { isFirst = false }
      try file.write(part)
      bytes += part.count
    }
    bytes += try append(frame.footer, to: file)
    try file.commit()
    context.receipt(
      result.run, rows: result.rows,
      lines: [
        "\(label): \(counted(result.rows, "row")), \(bytesText(bytes)) written in 1 file; \(blocksText(result.run)); \(movedText(result.run))"
      ])
  }

  private func append(_ bytes: [UInt8], to file: NewFile) throws -> Int {
    try file.write(bytes)
    return bytes.count
  }

  private func writeFolder(_ context: ActionContext, _ folder: String, label: String, format: Format, force: Bool, span: SourceSpan) throws
  {
    let path = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    if fileExists(path) {
      let entries = try listFolder(path)
      guard entries.isEmpty || force else {
        throw Diagnostic(
          "file-exists", .user, "the folder \"\(label)\" is not empty", span: span,
          suggestion: "replace what is there: write --force \(label)")
      }
      // Only what an earlier write made is removed.
      for entry in entries where entry.name.hasPrefix("part-") && entry.name.hasSuffix("." + format.name) {
        try removeFile(joinPath(path, entry.name))
      }
    } else {
      try makeFolder(path)
    }
    let fileLimit = context.option("files")?.value?.int.map { max(1, Int(clamping: $0)) }
    let schema = context.plan.schema
    var bytes = 0
    var written = 0
    var parts: [[UInt8]] = []
    let frame = try TextFrame(format.makeWriter(), schema: schema)
    func flush(_ group: [[UInt8]]) throws {
      let digits = String(written)
      let name = "part-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits + "." + format.name
      let file = try newFile(joinPath(path, name), label: name, force: force, span: span)
      bytes += try append(frame.header, to: file)
      for (index, part) in group.enumerated() {
        if index > 0 { bytes += try append(frame.separator, to: file) }
        bytes += try append(part, to: file)
      }
      bytes += try append(frame.footer, to: file)
      try file.commit()
      written += 1
    }
    let result = try backend.text(context.plan, format: format.name) { part, rows in
      guard rows > 0 else { return }
      if fileLimit == nil { try flush([Array(part)]) } else { parts.append(Array(part)) }
    }
    if let fileLimit {
      let count = max(1, min(fileLimit, parts.count))
      for index in 0..<count { try flush(Array(parts[parts.count * index / count..<parts.count * (index + 1) / count])) }
    }
    context.receipt(
      result.run, rows: result.rows,
      lines: [
        "\(label): \(counted(result.rows, "row")), \(bytesText(bytes)) written in \(counted(written, "file")); \(blocksText(result.run)); \(movedText(result.run))"
      ])
  }
}

/// What stands around and between the pieces of a text file.
private struct TextFrame {
  let header: [UInt8]
  let separator: [UInt8]
  let footer: [UInt8]

  init(_ writer: any TextWriter, schema: Schema) {
    func bytes(_ append: (MutableBuffer) -> Void) -> [UInt8] {
      let buffer = MutableBuffer(capacity: 256)
      append(buffer)
      return Array(UnsafeRawBufferPointer(start: buffer.start, count: buffer.byteCount))
    }
    header = bytes { writer.appendHeader(schema, to: $0) }
    separator = bytes { CellText.append(writer.separator, to: $0) }
    footer = bytes { writer.appendFooter(schema, to: $0) }
  }
}
