// What a statement printed, line by line, with what each line is about.

import DshColumns
import DshDiagnostics
import DshSession
import DshRender

/// One printed line.
public struct ActualLine: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// Rows, numbers, schemas: the same in every configuration.
    case result
    /// Receipts, cluster tables and news: depend on the number of nodes and on batch sizes.
    case placement
    case error(ActualError)
  }

  public var text: String
  public var kind: Kind
  /// The text without what is told of rows that follow, where that is another: how many there are in all is told where it is known, and that depends
  /// on the blocks that nodes have not taken with them.
  private var textWithoutTotal: String?
  /// The text as if rows followed that only may, where that is another: whether one was seen depends on the batches.
  private var textWithMore: String?

  /// The line as a golden file holds it.
  var spelled: String {
    if case .error = kind { return text }
    return GoldenSyntax.spelled(text)
  }

  public init(_ text: String, _ kind: Kind) {
    self.text = text
    self.kind = kind
  }

  /// The line as it is compared between configurations; nil if it depends on them.
  ///
  /// - Parameter ignoresTotals: whether nodes die meanwhile, so that blocks which told how many rows there are may be gone.
  func comparable(ignoresTotals: Bool) -> ActualLine? {
    switch kind {
    case .result: ActualLine((ignoresTotals ? textWithoutTotal : textWithMore) ?? text, .result)
    case .placement: nil
    case .error(let error): ActualLine("!error \(error.code) \(error.position ?? "")", kind)
    }
  }

  /// The line with what no two runs share replaced.
  func masked(by mask: Mask) -> ActualLine {
    var line = self
    line.text = mask.applied(to: text)
    line.textWithoutTotal = textWithoutTotal.map { mask.applied(to: $0) }
    line.textWithMore = textWithMore.map { mask.applied(to: $0) }
    if case .error(var error) = kind {
      error.message = mask.applied(to: error.message)
      line.kind = .error(error)
    }
    return line
  }

  /// The lines of one output as the settings want it, with no colour and no times.
  static func lines(of output: Output, settings: Settings) -> [ActualLine] {
    if case .receipt(let receipt) = output {
      switch settings.report {
      case .none: return []
      case .json: return [ActualLine(receipt.json, .placement)]
      case .text: break
      }
    }
    var lines = rendered(output, settings)
    for (other, text) in [(output.withoutTotal, \ActualLine.textWithoutTotal), (output.withMore, \ActualLine.textWithMore)] {
      guard let others = other.map({ rendered($0, settings) }) else { continue }
      // Beyond the width of a line the counts may be broken elsewhere; then they are compared as they are.
      if others.count == lines.count { for index in lines.indices { lines[index][keyPath: text] = others[index].text } }
    }
    return lines
  }

  private static func rendered(_ output: Output, _ settings: Settings) -> [ActualLine] {
    let look = RenderSettings(
      width: settings.width == 0 ? nil : settings.width, usesColor: false, drawing: settings.unicode == false ? .ascii : .unicode,
      rowLimit: settings.rows, digits: settings.digits)
    let buffer = MutableBuffer(capacity: 1024)
    OutputText(settings: look).append(output.inFormat(settings.format), to: buffer)
    return lines(of: UnsafeRawBufferPointer(start: buffer.start, count: buffer.byteCount), kind(of: output))
  }

  /// The lines of printed bytes.
  static func lines(of bytes: some Collection<UInt8>, _ kind: Kind) -> [ActualLine] {
    // Bytes, as a carriage return and a line feed are one character of a string.
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { ActualLine(String(decoding: $0, as: UTF8.self), kind) }
  }

  /// Whether an output is what a statement computes, or depends on where that was done.
  private static func kind(of output: Output) -> Kind {
    switch output {
    case .rows, .text, .scalar, .schema, .bars, .plot: .result
    case .presented(let inner, _): kind(of: inner)
    case .dataset, .listing, .lines, .receipt, .notice, .diagram, .blockMap: .placement
    }
  }
}

/// An error as golden files spell it: `!error unknown-column 1:8 ~ no column "amout"`.
public struct ActualError: Sendable, Hashable {
  public var code: String
  /// Line and column in the statement, both from 1; nil for errors without a place.
  public var position: String?
  public var message: String
  /// The lines that are printed below the message: place, source line, caret, suggestion and notes.
  public var below: [String]

  init(_ diagnostic: Diagnostic, in source: SourceText) {
    code = diagnostic.code.name
    below = diagnostic.rendered(in: source).split(separator: "\n").dropFirst().map(String.init)
    position = diagnostic.span.map { span in
      let position = (diagnostic.source ?? source).position(of: span.start)
      return "\(position.line):\(position.column)"
    }
    message = escapingControls(diagnostic.message)
  }

  var line: ActualLine {
    ActualLine(
      (["!error", code] + (position.map { [$0] } ?? []) + ["~", GoldenSyntax.spelledPart(message)]).joined(separator: " "), .error(self))
  }

  /// What stands below the line of a whole error. Notes may name blocks, so it is not compared between configurations.
  var details: [ActualLine] { below.map { ActualLine(escapingControls($0), .placement) } }
}

extension Output {
  /// The same with no word of rows that follow; nil if nothing is said of them anyway.
  fileprivate var withoutTotal: Output? {
    switch self {
    case .rows(var rows):
      guard rows.more != .no || rows.totalRows ?? 0 > rows.rows.rowCount else { return nil }
      rows.totalRows = nil
      rows.more = .no
      return .rows(rows)
    case .presented(let inner, let own): return inner.withoutTotal.map { .presented($0, own) }
    default: return nil
    }
  }

  /// The same with rows that follow for certain; nil if it is not said that they may.
  fileprivate var withMore: Output? {
    switch self {
    case .rows(var rows):
      guard rows.more == .maybe else { return nil }
      rows.more = .yes
      return .rows(rows)
    case .presented(let inner, let own): return inner.withMore.map { .presented($0, own) }
    default: return nil
    }
  }

  /// Data in a format, unless it has one of its own.
  fileprivate func inFormat(_ format: OutputFormat) -> Output {
    switch self {
    case .presented(let inner, let own): .presented(inner, Presentation(format: own.format ?? format, isFull: own.isFull))
    case .rows, .scalar, .schema, .listing, .bars, .plot: .presented(self, Presentation(format: format))
    case .dataset, .diagram, .blockMap, .lines, .receipt, .notice, .text: self
    }
  }
}
