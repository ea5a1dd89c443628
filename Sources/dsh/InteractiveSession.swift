// The session as the interactive shell wants it.

import DshBackend
import DshDiagnostics
import DshLanguage
import DshSession
import DshShell
import DshRender

final class InteractiveSession: ShellSession {
  private let session: Session

  init(_ session: Session) { self.session = session }

  func run(
    _ source: SourceText, echo: (String) -> Void, emit: (Output) -> Void, onFailure: ([Diagnostic], SourceText?) -> Void
  ) -> ShellRunOutcome {
    let isOne = parse(source).script.statements.count < 2
    let outcome = withoutActuallyEscaping(echo) { echo in
      session.run(
        source, emit: emit, echo: isOne ? nil : echo,
        onFailure: { failure in
          onFailure(failure.diagnostics, failure.source)
          return false
        })
    }
    return outcome == .quit ? .quit : .finished
  }

  func complete(_ text: String, at offset: Int) -> CompletionList {
    let found = session.completions(in: text, at: offset)
    return CompletionList(range: found.range, items: found.items.map { CompletionItem($0.text, $0.description) }, isExact: found.isExact)
  }

  func highlight(_ text: String, cursor: Int) -> [HighlightedSpan] { session.highlight(text, cursor: cursor) }
  func fits(_ statement: String) -> Bool { session.fits(statement) }
  func mended(_ text: String, by diagnostics: [Diagnostic]) -> String? { session.mended(text, by: diagnostics) }
  func lookAhead(_ text: String) -> Bool { session.lookAhead(text) }

  var newsDescriptors: [Int32] { session.backend.pollNumbers }
  func takeNews() -> [String] { session.backend.takeNotices() }

  var cancellation: Int32? {
    get { session.observer.cancellation }
    set { session.observer.cancellation = newValue }
  }

  var progress: ((RunProgress) -> Void)? {
    get { session.observer.progress }
    set { session.observer.progress = newValue }
  }

  var lendTerminal: ((Bool) -> Void)? {
    get { session.lendTerminal }
    set { session.lendTerminal = newValue }
  }
  var news: ((String) -> Void)? {
    get { session.observer.news }
    set { session.observer.news = newValue }
  }

  var screenRows: Int? {
    get { session.screenRows }
    set { session.screenRows = newValue }
  }

  var settings: Settings { session.settings }
}
