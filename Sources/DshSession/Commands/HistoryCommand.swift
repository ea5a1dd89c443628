// `history`: the statements typed, as a list.

import DshDiagnostics
import DshLanguage
import DshRender

/// A statement as it was typed, and what became of it.
public struct TypedStatement: Sendable, Hashable {
  public var text: String
  public var hasFailed: Bool

  public init(_ text: String, hasFailed: Bool = false) {
    self.text = text
    self.hasFailed = hasFailed
  }
}

/// What the shell tells of the statements typed.
public struct TypedHistory: Sendable {
  /// Those of this session, in order.
  public var session: [TypedStatement]
  /// Those of earlier sessions and of other shells as well.
  public var all: [String]

  public init(session: [TypedStatement], all: [String]) {
    self.session = session
    self.all = all
  }
}

struct HistoryCommand: CommandAction {
  let command = Command.ID.history

  func run(_ context: CommandContext) -> RunOutcome {
    context.emit(.lines(lines(context)))
    return .finished
  }

  /// The statements with their numbers; further lines of one are indented.
  private func lines(_ context: CommandContext) -> [String] {
    guard let typed = context.session.history?() else { return [] }
    let texts = context.has("all") ? typed.all : typed.session.map(\.text)
    let count = context.argument.flatMap { Int($0.text) }.map { max(0, $0) } ?? texts.count
    let digits = String(texts.count).count
    return texts.enumerated().suffix(count).flatMap { index, text -> [String] in
      text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { line, part in
        let number = String(index + 1)
        let label = line == 0 ? String(repeating: " ", count: digits - number.count) + number : String(repeating: " ", count: digits)
        return "\(label)  \(part)"
      }
    }
  }
}
