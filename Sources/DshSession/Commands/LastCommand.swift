// `last`: the last result again, in full.

import DshDiagnostics
import DshLanguage
import DshRender
import DshColumns

extension Output {
  /// Whether `last` shows it again.
  var isResult: Bool {
    switch self {
    case .rows, .scalar, .schema, .listing, .diagram, .blockMap, .bars, .plot: true
    case .presented(let output, _): output.isResult
    case .text(.start): true
    case .text, .dataset, .lines, .receipt, .notice: false
    }
  }

  /// The output as it is remembered: rows leave the store of the shell, which is for what runs.
  var kept: Output {
    switch self {
    case .rows(var output):
      if output.rows.byteCount > Session.lastResultLimitBytes { return .lines([]) }
      output.rows = output.rows.copied()
      return .rows(output)
    case .bars(var bars):
      bars.rows = bars.rows.copied()
      return .bars(bars)
    case .presented(let output, let presentation): return .presented(output.kept, presentation)
    // What goes by is not held.
    case .text: return .lines([])
    default: return self
    }
  }

  /// The output to be shown in a format, if one is named.
  func presented(as name: String?) -> Output {
    guard let format = name.flatMap({ OutputFormat(rawValue: $0) }) else { return self }
    if case .presented(let output, var presentation) = self {
      presentation.format = format
      return .presented(output, presentation)
    }
    return .presented(self, Presentation(format: format))
  }

  /// The output without a presentation of its own.
  public var plain: Output {
    if case .presented(let output, _) = self { return output.plain }
    return self
  }
}

extension Session {
  /// Larger results are not remembered: they would take memory for nothing in most cases.
  static let lastResultLimitBytes = 64 << 20
}

struct LastCommand: CommandAction {
  let command = Command.ID.last

  func run(_ context: CommandContext) throws -> RunOutcome {
    let outputs = context.session.lastOutputs
    guard !outputs.isEmpty else {
      throw Diagnostic(
        .noResult, "there is no result yet", span: context.command.span, suggestion: "run an action first, such as take")
    }
    if outputs.contains(where: { !$0.isResult }) {
      throw Diagnostic(
        .resultTooLarge, "the last result was larger than \(bytesText(Session.lastResultLimitBytes)) and was not remembered",
        span: context.command.span, suggestion: "run it again, or write it to a file")
    }
    for output in outputs { context.emit(.presented(output.plain, Presentation(isFull: true))) }
    return .finished
  }
}
