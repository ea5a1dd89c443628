// `take_all`: every row to the shell, after a look at the size.

import DshColumns
import DshDiagnostics
import DshFormats
import DshLanguage
import DshRender
import DshBackend
import DshPlan

struct TakeAllAction: Action {
  let verb = Verb.ID.takeAll

  func perform(_ context: ActionContext) throws {
    let session = context.session
    let force = context.option("force")?.bool ?? false
    let format = (context.option("format")?.value?.text).flatMap { OutputFormat(rawValue: $0) } ?? session.settings.format
    if force, format.isPassedOn { return try passOn(context, format: format) }
    let result = try context.takeAll(context.plan, limitBytes: context.limitBytes)
    context.emit(.rows(RowsOutput(rows: result.rows, layout: .table, totalRows: result.rows.rowCount)))
    context.receipt(
      result.work, rows: result.rows.rowCount,
      lines: ["\(counted(result.rows.rowCount, "row")), \(movedText(result.work)); \(blocksText(result.work))"])
  }

  /// All rows as text, part by part as they are made, until nobody reads them any more.
  private func passOn(_ context: ActionContext, format: OutputFormat) throws {
    let session = context.session
    var file = FileAssembly(try FormatRegistry.named(format.rawValue).writingOrRefusal(), schema: context.plan.schema)
    let passed = context.passedText
    passed.begin()
    func pass(_ bytes: UnsafeRawBufferPointer) throws(Diagnostic) {
      guard session.isOutputWanted() else { throw Diagnostic(.brokenPipe, "nobody reads the output any more") }
      if try passed.take(bytes) { context.emit(.text(.bytes(Array(bytes)))) }
    }
    func pass(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try pass($0) } }
    context.emit(.text(.start))
    defer { context.emit(.text(.end)) }
    try pass(file.header())
    let result = try context.run(
      .text(format: format.rawValue, compression: nil) { part in
        guard part.rows > 0 else { return }
        try pass(file.add(part))
        try pass(part.bytes)
      })
    try pass(file.footer())
    context.receipt(
      result.work, rows: result.totalRows ?? 0,
      lines: ["\(counted(result.totalRows ?? 0, "row")), \(movedText(result.work)); \(blocksText(result.work))"])
  }
}

extension OutputFormat {
  /// Whether rows can be passed on as text as they come: a table needs them all for its widths, and records are laid out for the terminal.
  fileprivate var isPassedOn: Bool {
    if case .file = self { true } else { false }
  }
}
