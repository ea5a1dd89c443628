// `dsh report`: a script with its results as one page.

import ArgumentParser
import DshBackend
import DshColumns
import DshDiagnostics
import DshRender
import DshReport
import DshSession
import DshSystem

private let reportUsage = "usage: dsh report SCRIPT -o FILE.html|FILE.md [OPTIONS of the shell]"

/// What a page can be, by the ending of its file.
private enum ReportKind: String, CaseIterable {
  case html, md
}

/// Runs a script and writes its report; the exit code. After a failure nothing is written, unless the script goes on (`--keep-going`).
func runReport(_ texts: [String]) -> Int32 {
  do throws(Diagnostic) {
    var rest = texts
    guard let target = try takeTarget(&rest) else {
      if rest.contains("--help") || rest.contains("-h") { return writeLine(reportUsage, to: 1) }
      throw Diagnostic(.usage, "a report needs a file", notes: [reportUsage])
    }
    let arguments: Arguments
    do { arguments = try Arguments.parse(rest) } catch {
      writeLine(Arguments.fullMessage(for: error), to: 2)
      return ExitCode.usage
    }
    guard arguments.scripts.count == 1, arguments.commands.isEmpty else {
      throw Diagnostic(.usage, "a report is made of one script", notes: [reportUsage])
    }
    return try report(arguments, arguments.scripts[0], target)
  } catch {
    writeLine(error.rendered(in: nil), to: 2)
    return ExitCode.code(for: [error])
  }
}

/// The file behind `-o`, which is no option of the shell.
private func takeTarget(_ texts: inout [String]) throws(Diagnostic) -> (path: String, kind: ReportKind)? {
  guard let place = texts.firstIndex(of: "-o"), texts.indices.contains(place + 1) else { return nil }
  let path = texts[place + 1]
  texts.removeSubrange(place...place + 1)
  guard let kind = ReportKind.allCases.first(where: { path.hasSuffix(".\($0.rawValue)") }) else {
    throw Diagnostic(.usage, "a report is written as .html or .md, not as \(path)", notes: [reportUsage])
  }
  return (path, kind)
}

private func report(_ arguments: Arguments, _ script: String, _ target: (path: String, kind: ReportKind)) throws(Diagnostic) -> Int32 {
  guard let text = String(validating: try readWholeFile(script), as: UTF8.self) else {
    throw Diagnostic(.notUTF8, .syntax, "a script is UTF-8 text, and this is not: \(script)")
  }
  // Whether it can be written is known before anything runs; it is there when it is whole.
  let file = try NewFile(path: target.path, replace: true)
  let session = try arguments.makeSession()
  defer { session.backend.close(waits: false) }
  let interrupt = try EventDescriptor()
  Signal.interrupt.watch(with: interrupt)
  session.observer.cancellation = interrupt.number
  session.observer.news = { writeLine($0, to: 2) }
  var failed: [Diagnostic] = []
  let imprint =
    "Made by \(Arguments.version) of \(script)"
    + (arguments.deterministic ? "" : ", \(CellText.string(.timestamp(wallClock().seconds * 1_000_000)) ?? "") UTC")
  let report = Report(running: SourceText(name: script, text: text), in: session, imprint: imprint) { failure in
    for diagnostic in failure.diagnostics { writeLine(diagnostic.rendered(in: failure.source), to: 2) }
    failed += failure.diagnostics
    return arguments.keepGoing && !failure.diagnostics.contains { $0.category == .cancelled }
  }
  let code = failed.isEmpty ? 0 : ExitCode.code(for: failed)
  if code != 0, !arguments.keepGoing || code == ExitCode.cancelled { return code }
  let page =
    switch target.kind {
    case .html: ReportPage(report).text
    case .md: ReportText(report).text
    }
  try file.write(Array(page.utf8))
  try file.commit()
  return code
}
