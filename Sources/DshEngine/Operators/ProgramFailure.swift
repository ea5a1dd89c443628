// What is said of a program that failed, or whose answer is not what it should be.

import DshColumns
import DshDiagnostics
import DshFormats

/// How far a program was when something went wrong.
public struct ProgramFailure {
  /// Batches that it was given, and the rows of the last of them among those of its task, counted from 0.
  var batch: Int
  var rows: Range<Int>
  var lastWords: [String]

  /// - Parameters:
  ///   - batch: the number of the last batch that it was given, from 1.
  ///   - rows: that batch's rows.
  public init(batch: Int, rows: Range<Int>, lastWords: [String]) {
    self.batch = batch
    self.rows = rows
    self.lastWords = lastWords
  }

  /// The error of a program that ended otherwise than with success.
  public func diagnostic(_ ending: ProgramEnding) -> Diagnostic {
    let message =
      switch ending {
      case .notFound: "the program was not found"
      case .notRunnable: "the program can't be run"
      case .success: "the program ended"
      case .failure(let text): "the program \(text)"
      }
    return Diagnostic(.programFailed, message, notes: [progress] + words)
  }

  /// The error of an answer.
  public func diagnostic(_ mistake: StreamMistake) -> Diagnostic {
    var suggestion: Diagnostic.Suggestion?
    if let column = mistake.column, let type = mistake.fittingType { suggestion = "--schema=\"…, \(column):\(type.name)\" would take it" }
    return Diagnostic(
      .programAnswer, "what the program answered can't be read: \(mistake.text)", suggestion: suggestion, notes: [progress] + words)
  }

  private var progress: String {
    batch == 0
      ? "it had been given no rows"
      : "it had been given \(groupedText(batch)) \(batch == 1 ? "batch" : "batches"), the last with rows \(groupedText(rows.lowerBound + 1)) to \(groupedText(rows.upperBound)) of its task"
  }

  private var words: [String] { lastWords.isEmpty ? ["it has said nothing on its error output"] : lastWords.map { "it said: \($0)" } }
}
