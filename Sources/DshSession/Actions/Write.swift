// `write`: a dataset as one file, or as a folder of files; formatted on the nodes, written in order.

import DshBackend
import DshColumns
import DshDiagnostics
import DshFormats
import DshLanguage
import DshSystem
import DshPlan

struct WriteAction: Action {
  let verb = Verb.ID.write

  func perform(_ context: ActionContext) throws {
    let session = context.session
    guard case .paths(let paths) = context.stage.operands, let path = paths.first else {
      throw Diagnostic(.missingOperand, "write needs a path", span: context.stage.span)
    }
    if session.options.safeRoots != nil { throw Diagnostic(.unsafe, "safe mode writes no files", span: context.stage.verb.span) }
    let text = path.form == .parameter ? try session.state.environment.path(in: path.text, span: path.span) : path.text
    let target = absolutePath(text, from: currentDirectory())
    let format = try writeFormat(context, path: target, span: path.span)
    let compression = Compression.ofPath(target)
    if let compression, try !format.writingOrRefusal().writesText {
      throw Diagnostic(
        .invalidOptionValue, .user, "files of the format \(format.name) are not compressed as a whole", span: path.span,
        suggestion: "leave out .\(compression.ending)")
    }
    let force = context.option("force")?.bool ?? false
    if let keys = context.option("partition-by") {
      try writePartitions(context, target, label: text, format: format, keys, force: force, span: path.span)
    } else if text.hasSuffix("/") || context.option("files") != nil {
      try writeFolder(context, target, label: text, format: format, force: force, span: path.span)
    } else {
      try writeFile(context, target, label: text, format: format, compression, force: force, span: path.span)
    }
  }

  private func writeFormat(_ context: ActionContext, path: String, span: SourceSpan) throws -> any FileFormat {
    let named = context.option("format")
    do {
      if let name = named?.value?.text {
        let format = try FormatRegistry.named(name)
        _ = try format.writingOrRefusal()
        return format
      }
      guard let format = FormatRegistry.forPath(path) else {
        throw Diagnostic(
          .unknownFormat, "the format can't be told from the path", suggestion: "say it: write --format=csv …",
          notes: ["formats that can be written: \(FormatRegistry.all.filter(\.canWrite).map(\.name).joined(separator: ", "))"])
      }
      _ = try format.writingOrRefusal()
      return format
    } catch let diagnostic as Diagnostic {
      throw diagnostic.at(named?.span ?? span)
    }
  }

  /// The options that are the format's own.
  private func formatOptions(_ context: ActionContext, _ format: any FileFormat) throws(Diagnostic) -> [FormatOption] {
    let known = Set(FormatRegistry.all.compactMap(\.writing).flatMap(\.optionNames))
    let own = try format.writingOrRefusal().optionNames
    var options: [FormatOption] = []
    for option in context.stage.options where known.contains(option.name.text) {
      guard own.contains(option.name.text) else {
        throw Diagnostic(.invalidOptionValue, .user, "--\(option.name.text) means nothing to the format \(format.name)", span: option.span)
      }
      options.append(FormatOption(option))
    }
    return options
  }

  func writeFile(
    _ context: ActionContext, _ path: String, label: String, format: any FileFormat, _ compression: Compression?, force: Bool,
    span: SourceSpan
  ) throws {
    let file: NewFile
    let refusal = Diagnostic(.fileExists, "\"\(label)\" exists already", span: span, suggestion: "replace it: write --force \(label)")
    do throws(Diagnostic) { file = try NewFile(path: path, replace: force, refusal: refusal) } catch { throw error.at(span) }
    let options = try formatOptions(context, format)
    let assembly = FileAssembly(
      try format.writingOrRefusal().configured(options), schema: context.plan.schema, compression: compression)
    let output = try FileText(file, assembly, passed: context.passedText)
    let result = try context.run(
      .text(format: format.name, options: FormatOption.encoded(options), compression: compression?.name) { part in
        try output.append(part)
      })
    try output.end()
    context.receipt(
      result.work, rows: result.totalRows ?? 0,
      lines: [
        "\(label): \(counted(result.totalRows ?? 0, "row")), \(bytesText(output.bytes)) written in 1 file; \(blocksText(result.work)); \(movedText(result.work))"
      ])
  }

  private func writeFolder(_ context: ActionContext, _ path: String, label: String, format: any FileFormat, force: Bool, span: SourceSpan)
    throws
  {
    let folder = try newFolder(context, withoutSlashes(path), label: label, format: format, force: force, span: span)
    let shares = FileShares(limit: context.option("files")?.value?.int.map { max(1, Int(clamping: $0)) })
    let options = try formatOptions(context, format)
    let writing = try format.writingOrRefusal().configured(options)
    var bytes = 0
    var written = 0
    var partCount = 0
    var open: (share: Int, output: FileText)?
    func close() throws {
      guard let output = open?.output else { return }
      try output.end()
      bytes += output.bytes
      open = nil
    }
    func begin(_ share: Int) throws -> FileText {
      try close()
      let output = try FileText(folder.makeFile(partName(written, format)), FileAssembly(writing, schema: context.plan.schema), passed: nil)
      written += 1
      open = (share, output)
      return output
    }
    let result = try context.run(
      .text(format: format.name, options: FormatOption.encoded(options)) { part in
        partCount = part.count
        guard part.rows > 0 else { return }
        let share = shares.file(ofPart: part.index, of: part.count)
        let output = if let open, open.share == share { open.output } else { try begin(share) }
        try output.append(part)
      })
    // A dataset without rows has columns all the same.
    if written == 0 { _ = try begin(0) }
    try close()
    do throws(Diagnostic) { try folder.commit() } catch { throw error.at(span) }
    let files = counted(written, "file") + (shares.shortfall(written: written, parts: partCount).map { " (\($0))" } ?? "")
    context.receipt(
      result.work, rows: result.totalRows ?? 0,
      lines: [
        "\(label): \(counted(result.totalRows ?? 0, "row")), \(bytesText(bytes)) written in \(files); \(blocksText(result.work)); \(movedText(result.work))"
      ])
  }

  private func writePartitions(
    _ context: ActionContext, _ path: String, label: String, format: any FileFormat, _ keys: OptionSyntax, force: Bool, span: SourceSpan
  ) throws {
    let partitions = try PartitionedWriting(keys, of: context.plan)
    let folder = try newFolder(
      context, withoutSlashes(path), label: label, format: format, force: force, span: span, partitions: partitions.folderPrefix)
    let writing = try format.writingOrRefusal()
    var bytes = 0
    var files = 0
    var open: FileText?
    func close() throws {
      try open?.end()
      bytes += open?.bytes ?? 0
      open = nil
    }
    let (work, rows) = try partitions.run(context, format: format, span: span) { name in
      try close()
      let file = try folder.makeFile(joinPath(name, partName(0, format)))
      open = try FileText(file, FileAssembly(writing, schema: partitions.schema), passed: nil)
      files += 1
    } part: { part in
      try open?.append(part)
    }
    try close()
    do throws(Diagnostic) { try folder.commit() } catch { throw error.at(span) }
    context.receipt(
      work, rows: rows,
      lines: [
        "\(label): \(counted(rows, "row")), \(bytesText(bytes)) written in \(counted(files, "partition")); \(blocksText(work)); \(movedText(work))"
      ])
  }

  private func newFolder(
    _ context: ActionContext, _ path: String, label: String, format: any FileFormat, force: Bool, span: SourceSpan,
    partitions: String? = nil
  ) throws(Diagnostic) -> NewFolder {
    let entries = (try? listFolder(path)) ?? []
    if force, let other = entries.first(where: { !isPartName($0.name) && $0.name.hasSuffix("." + format.name) }) {
      throw Diagnostic(
        .folderMixed, "\"\(label)\" holds \(other.name), which no write has made: the new files would mix with it", span: span,
        suggestion: "write to a folder of its own")
    }
    let refusal = Diagnostic(
      .fileExists, "the folder \"\(label)\" is not empty", span: span, suggestion: "replace what is there: write --force \(label)")
    do {
      return try NewFolder(
        path: path, replace: force, refusal: refusal, isGuarded: context.session.options.guardsPrograms,
        replacedPrefix: partitions, isReplaced: isPartName)
    } catch { throw error.at(span) }
  }
}

/// What `write` calls the files of a folder: their order by name is that of the dataset.
private func partName(_ number: Int, _ format: any FileFormat) -> String {
  let digits = String(number)
  return "part-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits + "." + format.name
}

/// Whether a file in a folder was made by `write`, in whatever format, so that another one may replace it.
private func isPartName(_ name: String) -> Bool {
  guard name.hasPrefix("part-"), let dot = name.firstIndex(of: ".") else { return false }
  let digits = name.dropFirst("part-".count).prefix(upTo: dot)
  let ending = name[name.index(after: dot)...]
  return digits.utf8.count >= 5 && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    && FormatRegistry.all.contains { $0.name == ending }
}
