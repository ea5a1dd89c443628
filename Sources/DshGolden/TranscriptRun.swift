// Runs the statements of a golden file in one session and judges what they print.

import DshDiagnostics
import DshSession
import DshRender

/// What one statement printed, beside what it should have printed.
public struct BlockResult: Sendable {
  public let block: Transcript.Block
  public let actual: [ActualLine]
  let steps: [AlignmentStep]

  init(block: Transcript.Block, actual: [ActualLine]) {
    self.block = block
    self.actual = actual
    steps = align(block.expected.map { LinePattern($0) }, actual)
  }

  public var passed: Bool {
    steps.allSatisfy { step in
      switch step {
      case .same, .elided: true
      case .missing, .extra: false
      }
    }
  }

  /// Whether the statement succeeded where an error was expected, or the other way round.
  public var changesStatus: Bool { expectsError != hasError }

  private var expectsError: Bool {
    block.expected.contains { if case .error = LinePattern($0) { true } else { false } }
  }

  private var hasError: Bool { actual.contains { if case .error = $0.kind { true } else { false } } }

  /// Whether the stores had no room for it.
  var isRefused: Bool {
    actual.contains { if case .error(let error) = $0.kind { error.code == DiagnosticCode.storeFull.name } else { false } }
  }

  /// The lines that may not depend on the configuration: results, and errors with their places.
  func comparable(ignoresTotals: Bool) -> [ActualLine] { actual.compactMap { $0.comparable(ignoresTotals: ignoresTotals) } }

  /// Whether another configuration gave the same.
  func isComparable(to other: BlockResult, ignoresTotals: Bool) -> Bool {
    comparable(ignoresTotals: ignoresTotals).elementsEqual(other.comparable(ignoresTotals: ignoresTotals)) {
      $0.text.utf8.elementsEqual($1.text.utf8)
    }
  }
}

extension Transcript {
  /// Runs every statement in order; a failing one doesn't stop the rest.
  func run(in session: any GoldenSession) -> [BlockResult] {
    blocks.map { block in
      var actual: [ActualLine] = []
      let source = SourceText(name: "dsh", text: block.statement)
      /// What comes in pieces that are no whole lines.
      var text: [UInt8] = []
      let failures = session.run(source) { output in
        switch output.plain {
        case .text(.start): text = []
        case .text(.bytes(let bytes)): text += bytes
        case .text(.end): actual += ActualLine.lines(of: text, .result)
        default: actual += ActualLine.lines(of: output, settings: session.settings)
        }
      }
      for failure in failures {
        for diagnostic in failure.diagnostics {
          let error = ActualError(diagnostic, in: failure.source ?? source)
          actual.append(error.line)
          if directives.showsWholeErrors { actual += error.details }
        }
      }
      for mask in directives.masks { actual = actual.map { $0.masked(by: mask) } }
      return BlockResult(block: block, actual: actual)
    }
  }
}
