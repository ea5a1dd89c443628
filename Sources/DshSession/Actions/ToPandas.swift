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
    guard session.options.announcesDatasets else {
      throw Diagnostic(
        .missingOperand, "Python is opened from the prompt only", span: context.stage.span,
        suggestion: "write a file: to_pandas data.feather")
    }
    let python = try Python.find(for: context.stage.verb.span)
    let force = context.option("force")?.bool ?? false
    let limit = context.option("max-bytes")?.value?.sizeBytes.map { Int(clamping: $0) } ?? session.settings.maxBytes
    let result = try context.takeAll(context.plan, limitBytes: force ? nil : limit, instead: "to_pandas FILE")
    let output = MutableBuffer(capacity: 1 << 20)
    try Self.format.writingOrRefusal().append([result.rows], schema: context.plan.schema, to: output)
    let file = try UnnamedFile(UnsafeRawBufferPointer(start: output.start, count: output.byteCount))
    context.receipt(
      result.work, rows: result.rows.rowCount,
      lines: [
        "df: \(counted(result.rows.rowCount, "row")), \(counted(result.rows.columns.count, "column")), \(bytesText(output.byteCount)); exit() comes back; \(movedText(result.work))"
      ])
    try session.withTerminalLent { () throws(Diagnostic) in try python.open(dataFrameAt: file.path) }
    withExtendedLifetime(file) {}
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

/// A Python that can be opened with a data frame.
private struct Python {
  private let program: String
  private let hasIPython: Bool

  /// What is found on the path, or the one that `DSH_PYTHON` names.
  ///
  /// Throws what to install where something is missing.
  static func find(for span: SourceSpan) throws(Diagnostic) -> Python {
    let program = environmentVariable("DSH_PYTHON").flatMap { $0.isEmpty ? nil : $0 } ?? "python3"
    func status(_ code: String) throws(Diagnostic) -> Int {
      try runShellCommand("\(shellQuoted(program)) -c \(shellQuoted(code)) >/dev/null 2>&1 </dev/null")
    }
    switch try status("import pandas, pyarrow") {
    case 0: return Python(program: program, hasIPython: try status("import IPython") == 0)
    case 126, 127:
      throw Diagnostic(
        .programFailed, "no Python is found: \(program)", span: span, suggestion: "apt install python3, or let DSH_PYTHON name it")
    default:
      throw Diagnostic(
        .programFailed, "\(program) has no pandas or no pyarrow", span: span, suggestion: "\(program) -m pip install pandas pyarrow")
    }
  }

  /// Opens it at the terminal and waits until it is left.
  func open(dataFrameAt path: String) throws(Diagnostic) {
    let code = "import pandas as pd; df = pd.read_feather('\(path)')"
    _ = try runShellCommand("\(shellQuoted(program)) \(hasIPython ? "-m IPython --no-banner -i" : "-q -i") -c \(shellQuoted(code))")
  }
}
