// A report as one page of HTML that needs nothing from elsewhere.

import DshDiagnostics
import DshRender

/// The page of a report.
public struct ReportPage {
  private let report: Report

  public init(_ report: Report) { self.report = report }

  public var text: String {
    let parts = report.entries.map { Markdown($0.prose) }
    let ending = Markdown(report.ending)
    let title = parts.compactMap(\.title).first ?? ending.title ?? report.name
    let body = zip(report.entries, parts).map { $1.html + section($0) }.joined(separator: "\n")
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <title>\(HTMLText.escaped(title))</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <main>
      \(body)
      \(ending.html)<footer>\(HTMLText.escaped(report.imprint))</footer>
      </main>
      </body>
      </html>

      """
  }

  private func section(_ entry: ReportEntry) -> String {
    let outputs = entry.outputs.map { output in
      let picture = OutputPicture(settings: entry.settings).svg(output).map { "<figure class=\"dsh-picture\">\($0)</figure>" }
      return picture ?? OutputHTML(settings: entry.settings, withTimes: report.withTimes).fragment(output)
        ?? "<pre class=\"dsh-text\">\(HTMLText.escaped(report.text(output, of: entry)))</pre>"
    }
    let errors = entry.errors.map { "<pre class=\"dsh-error\">\(HTMLText.escaped($0))</pre>" }
    let code = "<pre class=\"dsh-statement\"><code>\(HTMLText.escaped(entry.statement))</code></pre>"
    return "<section>\n" + ([code] + outputs + errors).joined(separator: "\n") + "\n</section>"
  }

  /// Light and dark as the reader's system is; wide tables move in a box of their own; on paper nothing is cut.
  private static let style = """
    :root { color-scheme: light dark; --line: #8884; --soft: #8882; --dim: #6b6b6b; --wrong: #b3261e; }
    @media (prefers-color-scheme: dark) { :root { --dim: #aaa; --wrong: #f2857c; } }
    body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
    main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
    h1, h2, h3 { line-height: 1.2; }
    section { margin: 1rem 0 1.5rem; }
    pre { overflow-x: auto; background: var(--soft); padding: .6rem .8rem; border-radius: 6px; font-size: .85rem; line-height: 1.35; }
    pre.dsh-statement { border-left: 3px solid #3b82c4; white-space: pre-wrap; overflow-wrap: anywhere; }
    pre.dsh-error { color: var(--wrong); }
    table { border-collapse: collapse; font-size: .9rem; }
    th, td { padding: .15rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
    th small, .dsh-receipt, .dsh-table small, .dsh-dataset, footer { color: var(--dim); font-weight: normal; }
    td i { color: var(--dim); }
    figure { margin: .5rem 0; overflow-x: auto; }
    .dsh-notice { color: #a86a00; }
    footer { margin-top: 3rem; font-size: .8rem; border-top: 1px solid var(--line); padding-top: .5rem; }
    @media print { main { max-width: none; } pre, .dsh-table { overflow: visible; white-space: pre-wrap; } section { break-inside: avoid; } }
    """
}
