// What a script said and gave, in order: the content of a report, whatever page it becomes.

import DshDiagnostics
import DshRender
import DshSession

/// One statement with what came of it.
public struct ReportEntry: Sendable {
  /// The prose above it.
  public var prose: String
  public var statement: String
  /// How its outputs are shown: as the session was set when it began.
  public var settings: RenderSettings
  public var outputs: [Output] = []
  /// Errors as the shell prints them.
  public var errors: [String] = []
}

/// A script that was run.
public struct Report: Sendable {
  /// The script's name.
  public var name: String
  public var entries: [ReportEntry]
  /// The prose behind the last statement.
  public var ending: String
  /// Whether receipts say how long runs took.
  public var withTimes: Bool
  /// What made it, and when, for its end.
  public var imprint: String

  /// Runs a script in a session.
  ///
  /// - Parameters:
  ///   - imprint: what made it, and when.
  ///   - onFailure: called with each failure; returns whether to go on with the next statement.
  public init(running source: SourceText, in session: Session, imprint: String, onFailure: (StatementFailure) -> Bool) {
    let sections = ScriptSections(source)
    var entries: [ReportEntry] = []
    name = source.name
    withTimes = !session.options.isDeterministic
    self.imprint = imprint
    withoutActuallyEscaping(onFailure) { onFailure in
      _ = session.run(
        source, emit: { output in entries.indices.last.map { entries[$0].outputs.append(output) } },
        echo: { statement in
          let prose = sections.prose.indices.contains(entries.count) ? sections.prose[entries.count] : ""
          entries.append(ReportEntry(prose: prose, statement: statement, settings: RenderSettings(of: session.settings)))
        },
        onFailure: { failure in
          if let last = entries.indices.last { entries[last].errors += failure.diagnostics.map { $0.rendered(in: failure.source) } }
          return onFailure(failure)
        })
    }
    self.entries = entries
    ending = sections.prose.last ?? ""
  }
}

extension RenderSettings {
  /// The columns of a page's lines where a session sets none.
  private static let usualWidth = 100

  fileprivate init(of settings: Settings) {
    let width = settings.width ?? Self.usualWidth
    self.init(width: width == 0 ? nil : width, rowLimit: settings.rows, digits: settings.digits)
  }
}
