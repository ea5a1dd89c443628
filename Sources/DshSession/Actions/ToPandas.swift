// `to_pandas`: all rows as a file for pandas, or as a data frame in Python, which is opened beside the shell.

import DshBackend
import DshColumns
import DshDiagnostics
import DshFormats
import DshLanguage
import DshPlan
import DshRender
import DshSystem

struct ToPandasAction: Action {
  let verb = Verb.ID.toPandas

  /// What pandas and Polars read without a copy of their own.
  private static let format: any FileFormat = {
    guard let format = FormatRegistry.forPath("data.feather") else { preconditionFailure("Feather is a format") }
    return format
  }()

  func perform(_ context: ActionContext) throws {
    if case .paths(let paths) = context.stage.operands, let path = paths.first { return try write(context, path) }
    let session = context.session
    if session.options.safeRoots != nil {
      throw Diagnostic(.unsafe, "safe mode runs no programs", span: context.stage.verb.span)
    }
    guard session.screenRows != nil else {
      throw Diagnostic(
        .missingOperand, "Python is opened at a terminal only", span: context.stage.span,
        suggestion: "write a file: to_pandas data.feather")
    }
    let python = try PythonShell.find(for: context.stage.verb.span)
    let shared = try context.explainingLimit(goal: "Python", instead: "to_pandas FILE") {
      try context.backend.share(context.plan, limitBytes: context.limitBytes, observer: session.observer)
    }
    defer { context.backend.endSharing(shared.hold) }
    let frame = try SharedFrame(shared)
    let rows = shared.blocks.reduce(0) { $0 + $1.rows.rowCount }
    let size = "\(counted(rows, "row")), \(counted(shared.schema.count, "column"))"
    context.receipt(
      shared.work, rows: rows,
      lines: [
        "df: \(size); exit() comes back; \(bytesText(frame.writtenBytes)) written, \(movedText(shared.work)); \(blocksText(shared.work))"
      ])
    try session.withTerminalLent { () throws(Diagnostic) in try python.open(frame) }
  }

  /// The file is one of Arrow, which is Feather version 2, whatever it is called.
  private func write(_ context: ActionContext, _ path: PathSyntax) throws {
    let session = context.session
    if session.options.safeRoots != nil { throw Diagnostic(.unsafe, "safe mode writes no files", span: context.stage.verb.span) }
    let text = path.form == .parameter ? try session.state.environment.path(in: path.text, span: path.span) : path.text
    try WriteAction().writeFile(
      context, absolutePath(text, from: currentDirectory()), label: text, format: Self.format, nil,
      force: context.option("force")?.bool ?? false, span: path.span)
  }
}
